# sh ticker.sh ticker.so: symbols behind an exchange and a dollar sign, and words that are none.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/articles" <<'END'
{"title":"Acme earns more","text":"Acme Corporation (NASDAQ: ACME) earned more than $BOLT, the maker of bolts. It paid $CASH and NYSE:TOOLONGX is none."}
{"title":"No shares","text":"NASDAQ: the exchange was closed on Monday, and nobody minded at all."}
END
cat > "$work/copydesk.yaml" <<END
stages:
  - load: $1
    after: subject
    config: {names: {ACME: Acme Corporation, BOLT: Bolt & Sons}}
END
"$COPYDESK" filter -c "$work/copydesk.yaml" < "$work/articles" > "$work/out"
head -1 "$work/out" | grep -q '"tickers":\["ACME","BOLT"\]'
head -1 "$work/out" | grep -q '{"uri":"ticker:ACME","name":"Acme Corporation","confidence":1,"creator":"stage:ticker","evidence":\[{"rule":"ticker:ACME","text":"ACME","field":"body","offset":26,"weight":1}\]}'
[ "$(grep -c ticker "$work/out")" = 1 ]
if grep -q CASH\" "$work/out"; then exit 1; fi
