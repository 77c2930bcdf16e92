# shellcheck shell=bash
# Shared by cluster, topics and witness: where things are, the jars, and how to
# run Java. Sourced, not run; the caller has set -euo pipefail.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${COPYDESK_TEST_KAFKA_DIR:-${TMPDIR:-/tmp}/copydesk-kafka-$UID}
cache=${COPYDESK_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/copydesk}
me=${0##*/}

# TieredStopAtLevel=1 and the serial collector start fastest on few cores.
java_flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
            -Djava.net.preferIPv4Stack=true -Djava.awt.headless=true)

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$*"; exit 1; }

# The exact Kafka version for a --version argument.
exact_version() {
    case $1 in
        4) echo 4.4.0 ;;
        3.9) echo 3.9.2 ;;
        3.7) echo 3.7.1 ;; # the last that takes SCRAM from librdkafka below 2.6.1
        [34].*.*) echo "$1" ;;
        *) die "unknown Kafka version '$1' (4, 3.9 or 3.7)" ;;
    esac
}

need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "needs $tool; deploy/packages test installs it"
    done
}

# ensure_jars VERSION: copies Kafka's jars and the classes of our own Java
# files into the cache, once; sets $jars and $classes.
ensure_jars() {
    local version=$1 sum tmp
    need java flock sha256sum
    jars=$cache/kafka-$version
    sum=$(cat "$here"/*.java | sha256sum)
    classes=$cache/kafka-$version-classes-${sum:0:12}
    [[ -d $jars && -d $classes ]] && return
    mkdir -p "$cache"
    {
        flock 9
        if [[ ! -d $jars ]]; then
            need mvn
            say "fetching Kafka $version"
            tmp=$(mktemp -d "$cache/.kafka-XXXXXX")
            if ! mvn -B -q -f "$here/pom.xml" -Dkafka.version="$version" \
                    dependency:copy-dependencies -DincludeScope=runtime \
                    -DoutputDirectory="$tmp" </dev/null >"$tmp/mvn.log" 2>&1; then
                cat "$tmp/mvn.log" >&2
                rm -rf "$tmp"
                die "could not fetch Kafka $version"
            fi
            rm -f "$tmp/mvn.log"
            chmod 755 "$tmp"
            mv -T "$tmp" "$jars"
        fi
        if [[ ! -d $classes ]]; then
            tmp=$(mktemp -d "$cache/.classes-XXXXXX")
            if ! java "${java_flags[@]}" -cp "$jars/*" \
                    org.eclipse.jdt.internal.compiler.batch.Main --release 17 \
                    -proc:none -nowarn -d "$tmp" \
                    -cp "$(echo "$jars"/*.jar | tr ' ' ':')" \
                    "$here"/*.java >&2; then
                rm -rf "$tmp"
                die "could not compile the Java tools"
            fi
            chmod 755 "$tmp"
            mv -T "$tmp" "$classes"
        fi
    } 9>"$cache/.kafka-lock"
}

# tool CLASS [ARG..]: a Java program with the cluster's jars, quiet but for
# errors.
tool() {
    java "${java_flags[@]}" -Xmx256m \
        -Dorg.slf4j.simpleLogger.defaultLogLevel="${tool_log:-error}" \
        -cp "$classes:$jars/*" "$@"
}

# The Kafka version that the tools beside a cluster use.
tools_version() {
    if [[ -n ${COPYDESK_TEST_KAFKA_VERSION:-} ]]; then
        exact_version "$COPYDESK_TEST_KAFKA_VERSION"
    elif [[ -s $dir/version ]]; then
        cat "$dir/version"
    else
        exact_version 4
    fi
}

# config_for BOOTSTRAP: the Java client properties that reach those brokers as
# an administrator; prints nothing where the brokers are in the clear.
config_for() {
    if [[ -n ${COPYDESK_TEST_KAFKA_ADMIN_CONFIG:-} ]]; then
        echo "$COPYDESK_TEST_KAFKA_ADMIN_CONFIG"
    elif [[ -s $dir/bootstrap && -s $dir/admin.java.properties ]]; then
        local one
        for one in ${1//,/ }; do
            if [[ ,$(<"$dir/bootstrap"), == *",$one,"* ]]; then
                echo "$dir/admin.java.properties"
                return
            fi
        done
    fi
}
