#!/bin/sh
# The peer for fun: kcat | jq | kcat BROKERS RAW ENRICHED. Fields renamed, residue off, tags of pages off; no topics, no delivery guarantee.
kcat -b "$1" -G "$3" -X auto.offset.reset=earliest -u -q "$2" |
    jq -c --unbuffered '{id, url, canonical_url: (.url | sub("[?&]utm_[^&#]*"; "")), title, published_at, language,
        body: ((.text // (.html | gsub("(?s)<(script|style|nav|footer)[^>]*>.*?</(script|style|nav|footer)>|<[^>]*>"; "\n")))
            | [splits("\n+") | select(test("^(\\s*|\\[ad_[12]\\]|Source link|Advertisement|Sign up for our newsletter|Click here to read more|Follow us .*)$") | not)]
            | join("\n\n"))}' |
    kcat -b "$1" -P -t "$3" -X linger.ms=20
