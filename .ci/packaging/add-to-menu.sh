#!/bin/sh
# Puts Chatbot into your menu; run it again after you have moved the folder. With --remove, takes it out.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
entries=${XDG_DATA_HOME:-$HOME/.local/share}/applications
entry=$entries/chatbot-app.desktop
if [ "${1:-}" = --remove ]; then
    rm -f -- "$entry"
    echo "Chatbot is no longer in the menu. Your conversations stay; to remove the program, delete $folder"
    exit
fi
mkdir -p -- "$entries"
# The rules of desktop entries: quoted for the command, the backslashes doubled for the file, % is %%.
program=$(printf '%s' "$folder/Chatbot" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
icon=$(printf '%s' "$folder/chatbot-app.svg" | sed -e 's/\\/\\\\/g')
while IFS= read -r line; do
    case $line in
    Exec=*) printf 'Exec="%s" %%F\n' "$program" ;;
    Icon=*) printf 'Icon=%s\n' "$icon" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$folder/chatbot-app.desktop" >"$entry"
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$entries" || true; fi
echo "Chatbot is in the menu: $entry"
