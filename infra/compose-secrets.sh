#!/bin/sh
# Writes the passwords that infra/compose.yaml asks for into infra/.env, each random, readable by your account alone. What is there stays.
set -eu
umask 077
file=$(dirname "$0")/.env
touch "$file"
for name in BASIN_POSTGRES_PASSWORD BASIN_NATS_API_PASSWORD BASIN_NATS_TRAINER_PASSWORD BASIN_GRAFANA_PASSWORD; do
  grep -q "^$name=" "$file" || echo "$name=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')" >> "$file"
done
chmod 600 "$file"
