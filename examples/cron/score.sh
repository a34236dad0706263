#!/bin/sh
# Scores tonight's export, and lets nothing unfinished or doubtful reach those who read the result.
#
#   score.sh MODEL EXPORT OUTPUT
#
# In a crontab (see ./crontab):
#   15 2 * * * /opt/jobs/score.sh /srv/customers-segments /srv/in/customers.csv /srv/out/scored.csv
#
# 0   OUTPUT and OUTPUT.lineage.json are tonight's
# 4   scored, but something wants a look: both files wait in the folder `held` beside OUTPUT, which is yesterday's
# 75  the export, the model or a lock was not ready in TRIES attempts, PAUSE seconds apart; OUTPUT is yesterday's
# else  the exit code of tribus: nobody has to retry, somebody has to look; OUTPUT is yesterday's
#
# Errors go to standard error as one line of JSON each, which cron mails or a log collector reads.
set -u

if [ "$#" -ne 3 ]; then
    echo "usage: score.sh MODEL EXPORT OUTPUT" >&2
    exit 2
fi
model=$1 export=$2 output=$3

tribus=${TRIBUS:-tribus}
tries=${TRIES:-6}
pause=${PAUSE:-600}

folder=$(dirname -- "$output")
name=$(basename -- "$output")
held=$folder/held
mkdir -p -- "$held" || exit 1

attempt=1
while :; do
    "$tribus" assign "$model" "$export" -o "$held/$name" \
        --allow-empty --max-rejects 0.1% --fail-on rejects \
        --mode 0640 --json-errors
    code=$?
    if [ "$code" -ne 75 ] || [ "$attempt" -ge "$tries" ]; then
        break
    fi
    attempt=$((attempt + 1))
    sleep "$pause"
done

if [ "$code" -eq 0 ]; then
    # One file system, so each of the two is replaced in one step. The lineage comes last: it names the digest of the file.
    mv -f -- "$held/$name" "$output" && mv -f -- "$held/$name.lineage.json" "$output.lineage.json" || code=1
fi
exit "$code"
