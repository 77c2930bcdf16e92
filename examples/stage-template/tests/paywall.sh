# sh paywall.sh paywall.so: one article is marked, one is left alone, one is dropped, a mistake is told.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/articles" <<'END'
{"title":"Harbour to close","text":"The harbour of Larsund closes in May, the council said. Already a subscriber? Sign in."}
{"title":"Harbour to stay","text":"The harbour of Larsund stays open, the council said on Friday after a long debate."}
END
with() { printf 'stages: [{load: %s, after: normalise, config: {phrases: [already a subscriber], action: %s}}]\n' "$so" "$1" > "$work/copydesk.yaml"; }
so=$1
with mark
"$COPYDESK" filter -c "$work/copydesk.yaml" < "$work/articles" > "$work/out"
[ "$(grep -c '"paywall":"already a subscriber"' "$work/out")" = 1 ]
head -1 "$work/out" | grep -q '"paywall"'
with drop
"$COPYDESK" filter -c "$work/copydesk.yaml" < "$work/articles" > "$work/out" 2>&1 || true
grep -q 'ends at a paywall: already a subscriber' "$work/out"
with burn
if "$COPYDESK" check -c "$work/copydesk.yaml" > "$work/out"; then exit 1; fi
grep -q 'copydesk.yaml:1:.*action: mark, reject and drop are allowed' "$work/out"
