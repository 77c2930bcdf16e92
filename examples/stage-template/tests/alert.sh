# sh alert.sh alert.so: whole words only, title and body, evidence with its place.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/articles" <<'END'
{"title":"Inondation à Larsund","text":"Après la tempête, une inondation a coupé la route du port de Larsund."}
{"title":"Floodlights","text":"The new floodlights of the stadium were switched on in the evening."}
END
cat > "$work/copydesk.yaml" <<END
stages:
  - load: $1
    config: {alerts: {flood: [flood, inondation], strike: [walkout]}}
routes:
  - {when: {subject: alert:flood}, topic: articles.alerts}
END
"$COPYDESK" check --strict -c "$work/copydesk.yaml" > "$work/out" || { cat "$work/out"; exit 1; }
"$COPYDESK" filter -c "$work/copydesk.yaml" < "$work/articles" > "$work/out"
[ "$(grep -c '"uri":"alert:flood","name":"flood","confidence":1,"creator":"stage:alert"' "$work/out")" = 1 ]
head -1 "$work/out" | grep -q '{"rule":"alert:flood","text":"Inondation","field":"title","offset":0,"weight":2}'
head -1 "$work/out" | grep -q '{"rule":"alert:flood","text":"inondation","field":"body","offset":22,"weight":1}'
