#!/bin/sh
# backup.sh FOLDER DAYS [SECONDS]: a backup into the folder, rehearsed; then backups older than so many
# days are deleted. With SECONDS, again after each such pause until SIGTERM; without, it exits with 1
# where a step failed. Then no old backup is deleted. FOLDER/.rehearsed is touched after a good one.
set -u
folder=$1 days=$2 pause=${3:-}
child=
trap stop TERM INT

# A command that runs is asked to end, and waited for: it takes back what it has begun. A single
# backup has then failed.
stop() {
  kill "$child" 2>/dev/null
  wait "$child"
  if [ -n "$pause" ]; then exit 0; fi
  exit 1
}

# In the background, since a shell that waits for a command in front hears no signal until then.
wait_for() {
  "$@" &
  child=$!
  wait "$child"
}

back_up() {
  file=$folder/notice-$(date -u +%Y%m%dT%H%M%SZ).zip
  wait_for python manage.py backup "$file" || return 1
  wait_for python manage.py rehearse_backup "$file" || return 1
  touch "$folder/.rehearsed"
  find "$folder" -name 'notice-*.zip' -mtime "+$days" -delete
}

while :; do
  back_up && result=0 || result=1
  if [ -z "$pause" ]; then exit "$result"; fi
  if [ "$result" = 1 ]; then echo "backup: failed, and is tried again in $pause seconds" >&2; fi
  wait_for sleep "$pause"
done
