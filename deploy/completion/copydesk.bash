# Completion for bash. Verbs and options come from the program's own help, so that they are always those of the version installed.
_copydesk() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} program=${COMP_WORDS[0]} verb=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2> /dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | grep -vx copydesk) --help --version" -- "$word")
        return
    fi
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" "$verb" --help 2> /dev/null | grep -o -- '^ *\(-[a-z], \)\?--[a-z-]*' | tr -d ' ,' | sed 's/^-[a-z]--/--/') --help" -- "$word")
        return
    fi
    case $before in
        --rulebook) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _copydesk copydesk
