#!/bin/sh
# Training code without a library: parameters come from the environment, measurements leave as lines of JSON.
set -eu
echo "rate $BASIN_PARAM_RATE, seed $BASIN_SEED, attempt $BASIN_ATTEMPT"
awk -v rate="$BASIN_PARAM_RATE" -v number="$BASIN_PARAM_NUMBER" -v steps="$BASIN_PARAM_STEPS" -v seed="$BASIN_SEED" 'BEGIN {
  srand(seed + 1)
  x = 0.5 + 2 * rand()
  for (step = 0; step < steps; step++) {
    r = x * x - number
    printf "{\"step\": %d, \"loss\": %.9g}\n", step, r * r
    x -= rate * 4 * r * x
  }
  error = x - sqrt(number); if (error < 0) error = -error
  printf "{\"error\": %.9g}\n", error
  printf "{\"labels\": {\"root\": \"%.6f\"}}\n", x
}'
