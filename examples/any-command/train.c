/* The same in C: cc -O2 -o train examples/any-command/train.c -lm && basin agent SWEEP -- ./train */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double number_of(const char *name, double otherwise) {
    const char *text = getenv(name);
    return text ? strtod(text, NULL) : otherwise;
}

int main(void) {
    const double rate = number_of("BASIN_PARAM_RATE", 0.01), number = number_of("BASIN_PARAM_NUMBER", 2);
    const int steps = (int)number_of("BASIN_PARAM_STEPS", 60);
    srand((unsigned)number_of("BASIN_SEED", 0) + 1);
    double x = 0.5 + 2.0 * rand() / RAND_MAX;
    for (int step = 0; step < steps; step++) {
        const double r = x * x - number;
        printf("{\"step\": %d, \"loss\": %.9g}\n", step, r * r);
        x -= rate * 4 * r * x;
    }
    printf("{\"error\": %.9g}\n{\"labels\": {\"root\": \"%.6f\"}}\n", fabs(x - sqrt(number)), x);
    return 0;
}
