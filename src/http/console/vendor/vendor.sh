#!/bin/sh
# Fetches the pinned packages by npm and packs the files that the console serves. Run it after changing package.json;
# the packed files are committed, so that building needs neither npm nor a network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/package*.json "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund
pack() { zstd -q -f -19 --no-progress "node_modules/$1" -o "$here/$2.zst"; }
pack react/umd/react.production.min.js react.js
pack react-dom/umd/react-dom.production.min.js react-dom.js
pack graphiql/graphiql.min.js graphiql.js
pack graphiql/graphiql.min.css graphiql.css
{
    echo "The console contains the following, each under its own licence. The bundle of GraphiQL holds further packages,"
    echo "all under the MIT licence but for the fonts Roboto (Apache License 2.0) and Fira Code (SIL Open Font License 1.1)."
    for package in graphiql react react-dom codemirror codemirror-graphql graphql; do
        printf '\n== %s %s\n' "$package" "$(node -p "require('./node_modules/$package/package.json').version")"
        cat "node_modules/$package/LICENSE"
    done
} >"$here/LICENSES.txt"
