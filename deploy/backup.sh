#!/bin/sh
# backup.sh FOLDER DAYS [SECONDS]: a backup into the folder, rehearsed; then backups older than so many
# days are deleted. With SECONDS, again after each such pause until SIGTERM; without, it exits with 1
# where a step failed. Then no old backup is deleted. FOLDER/.rehearsed is touched after a good one.
set -u
folder=$1 days=$2 pause=${3:-}
sleeper=
trap 'kill $sleeper 2>/dev/null; exit 0' TERM INT

back_up() {
  file=$folder/notice-$(date -u +%Y%m%dT%H%M%SZ).zip
  python manage.py backup "$file" || return 1
  python manage.py rehearse_backup "$file" || return 1
  touch "$folder/.rehearsed"
  find "$folder" -name 'notice-*.zip' -mtime "+$days" -delete
}

while :; do
  back_up && result=0 || result=1
  if [ -z "$pause" ]; then exit "$result"; fi
  if [ "$result" = 1 ]; then echo "backup: failed, and is tried again in $pause seconds" >&2; fi
  sleep "$pause" &
  sleeper=$!
  wait "$sleeper"
done
