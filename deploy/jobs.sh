#!/bin/sh
# What timers do on a machine with systemd, in one process: rounds of a minute until SIGTERM.
# A job that fails is logged and comes again; all are safe in several copies. HEARTBEAT is touched
# after each round, for the health check. Keep the times equal to systemd/*.timer.
set -u
HEARTBEAT=${HEARTBEAT:-/tmp/jobs.heartbeat}
ROUND=${ROUND:-60}
sleeper=
trap 'kill $sleeper 2>/dev/null; exit 0' TERM INT

run() {
  python manage.py "$@" || echo "jobs: $1 ended with $?, and runs again at its next time" >&2
}

minute=0
while :; do
  run close_expired_attempts
  if [ $((minute % 60)) -eq 0 ]; then run send_due_reminders; fi
  if [ $((minute % 1440)) -eq 0 ]; then run clearsessions; fi
  touch "$HEARTBEAT"
  minute=$((minute + 1))
  sleep "$ROUND" &
  sleeper=$!
  wait "$sleeper"
done
