/* Workload W in C, one path after the other: the same law, the same numbers, the same exp and log as the kernel, so that
   it must give the same bits. It knows what W leaves out (no marks, commitments, levers, or memory of streams). */
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int64_t draws, streams, pressures, places, rungs, memories, links, dead;
    const double *coefficient, *bar, *logits, *levels, *memory, *deaths, *patterns, *rate, *size, *floor_, *scale, *decay,
        *fed_weight, *shown_weight, *series, *memory_decays, *long_run, *start_memories, *start_pressures, *counts_log;
    const int64_t *kind, *place, *code, *link_start, *pattern, *stream_start, *fed_start, *fed_stream, *shown_place,
        *shown_code, *series_start, *active, *start_rungs;
    const uint64_t *place_keys, *stream_keys;
    double death_scale;
} World;

enum { PRESSURE, PRESSURE_ABOVE, RUNG };
enum { MEAN, SIZE, ZERO, THRESHOLD, ABOVE, SCALE, SHAPE, CAP, KEPT, LAW };
enum { MOST = 64 };

static double of_bits(int64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static int64_t bits_of(double x) { int64_t bits; memcpy(&bits, &x, 8); return bits; }

static double exp_(double x) {
    static const double c[] = {1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0,
        1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5, 1.0, 1.0};
    x = x > -700.0 ? x : -700.0;
    x = x < 700.0 ? x : 700.0;
    double k = (x * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
    double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10, p = r * c[0] + c[1];
    for (int i = 2; i < 14; i++) p = p * r + c[i];
    return p * of_bits(((int64_t)k + 1023) << 52);
}

static double log_(double x) {
    int64_t bits = bits_of(x);
    double m = of_bits((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000), k = (double)((bits >> 52) - 1022);
    if (m < 0.7071067811865476) m *= 2.0, k -= 1.0;
    double s = (m - 1.0) / (m + 1.0), z = s * s, p = z * (1.0 / 21.0);
    for (int odd = 19; odd > 1; odd -= 2) p = (p + 1.0 / odd) * z;
    p = (p + 1.0) * s * 2.0;
    return (p + k * 1.90821492927058770002e-10) + k * 6.93147180369123816490e-01;
}

static double log1p_(double x) {
    double u = 1.0 + x, gap = u - 1.0;
    return gap == 0.0 ? x : log_(u) * (x / gap);
}

static double log_count(const World *w, double n) { return n > 1023.0 ? log1p_(n) : w->counts_log[(int64_t)n]; }

static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t key, int64_t day, int64_t path) {
    uint64_t start = mix((key ^ (uint64_t)day) + 0x9E3779B97F4A7C15u);
    uint64_t z = mix(start + ((uint64_t)path + 1) * 0xD1B54A32D192ED03u);
    return (double)(int64_t)(z >> 12) * 0x1p-52 + 0x1p-53;
}

static double count_of(double u, double mean, double size) {
    if (u < 1.0 - mean) return 0.0;
    double term = exp_(-size * log1p_(mean / size)), total = term, share = mean / (size + mean);
    if (u < term) return 0.0;
    int64_t n = 0, block = 8;
    while (n < 50000) {
        for (int64_t k = n + 1; k <= n + block; k++) {
            term = ((k - 1.0 + size) / k * share) * term;
            total = term + total;
            if (u < total) return k < 50000 ? k : 50000;
        }
        n += block;
        if (term < 1e-17 && n > mean) break;
        block = block * 4 < 512 ? block * 4 : 512;
    }
    return n < 50000 ? n : 50000;
}

static double deaths_of(double u, const double *d) {
    if (u < 1.0 - d[MEAN]) return 0.0;
    if (u >= 1.0 - d[ABOVE]) {
        double share = fmin((1.0 - u) / d[ABOVE], 1.0), far = -log_(1.0 - d[KEPT] * (1.0 - share)), t = d[SHAPE] * far;
        double grown = t < 1e-4 ? far * (1.0 + t * (0.5 + t / 6.0)) : (exp_(t) - 1.0) / d[SHAPE];
        return fmin(d[THRESHOLD] + 1.0 + floor(d[SCALE] * grown), d[CAP]);
    }
    double left = 1.0 - d[ZERO];
    return fmin(count_of((u - d[ZERO]) / left, d[MEAN] / left, d[SIZE]), d[THRESHOLD]);
}

static double pushed(const World *w, int64_t k, const double *c, const double *pressure, const int64_t *rung) {
    double x = w->kind[k] == RUNG ? rung[w->place[k]] >= w->code[k] : pressure[w->place[k]] / w->scale[w->place[k]];
    if (w->kind[k] == PRESSURE_ABOVE) x = x > w->bar[k];
    return c[k] * (x > 2.0 ? 2.0 : x);
}

static int64_t moved(const World *w, int64_t f, int64_t draw, double u, const double *c, const double *pressure,
                     const double *memory, const int64_t *rung) {
    const int64_t R = w->rungs, Q = w->memories;
    double pull[3] = {0, 0, 0}, x[MOST], top, total, passed = 0.0;
    for (int64_t q = 0; q < Q; q++) {
        double now = memory[f * Q + q];
        if (q == Q - 1) {
            double shrunk = (now * w->long_run[0] + w->long_run[1]) / w->long_run[2];
            now = 0.5 * (log_(shrunk / (1.0 - shrunk)) - w->long_run[3]);
        }
        for (int b = 0; b < 3; b++) pull[b] += now * w->memory[((draw * w->places + f) * Q + q) * 3 + b];
    }
    for (int64_t j = 0; j < R; j++) {
        double level = w->levels[f * R + j];
        x[j] = w->logits[((f * w->draws + draw) * R + rung[f]) * R + j];
        if (j) x[j] += pull[0] + pull[1] * level + pull[2] * (level * level);
    }
    for (int64_t k = w->link_start[f]; k < w->link_start[f + 1]; k++) {
        double push = pushed(w, k, c, pressure, rung);
        for (int64_t j = 0; j < R; j++) x[j] += push * w->patterns[(w->pattern[k] * R + rung[f]) * R + j];
    }
    top = x[0];
    for (int64_t j = 1; j < R; j++) top = fmax(top, x[j]);
    for (int64_t j = 0; j < R; j++) x[j] = exp_(x[j] - top);
    total = x[0];
    for (int64_t j = 1; j < R; j++) total += x[j];
    for (int64_t j = 0; j < R - 1; j++)
        if (u < (passed += x[j] / total)) return j;
    return R - 1;
}

void step(const World *w, int64_t days, int64_t first, int64_t paths, uint8_t *rungs, int32_t *deaths, uint8_t *counts,
          float *levels) {
    const int64_t S = w->streams, P = w->pressures, F = w->places, R = w->rungs, Q = w->memories;
    for (int64_t m = 0; m < paths; m++) {
        int64_t path = first + m, draw = path % w->draws, rung[MOST], next[MOST];
        const double *c = w->coefficient + draw * w->links;
        double memory[MOST], pressure[MOST], logs[MOST], dead[MOST];
        memcpy(memory, w->start_memories + draw * F * Q, F * Q * sizeof(double));
        memcpy(pressure, w->start_pressures + draw * P, P * sizeof(double));
        memcpy(rung, w->start_rungs + draw * F, F * sizeof(int64_t));
        for (int64_t t = 0; t < days; t++) {
            for (int64_t f = 0; f < F; f++)
                next[f] = moved(w, f, draw, uniform(w->place_keys[2 * f], t, path), c, pressure, memory, rung);
            memcpy(rung, next, sizeof(next));
            for (int64_t f = 0; f < F; f++) {
                dead[f] = deaths_of(uniform(w->place_keys[2 * f + 1], t, path),
                                    w->deaths + ((f * w->draws + draw) * R + rung[f]) * LAW);
                rungs[(f * days + t) * paths + m] = rung[f];
                deaths[(f * days + t) * paths + m] = dead[f];
            }
            for (int64_t s = 0; s < S; s++) {
                double base = w->rate[draw * S + s], u = uniform(w->stream_keys[s], t, path), n;
                for (int64_t k = w->stream_start[s]; k < w->stream_start[s + 1]; k++)
                    base += pushed(w, k, c, pressure, rung);
                n = count_of(u, exp_(base < 4.0 ? base : 4.0), w->size[draw * S + s]);
                logs[s] = log_count(w, n);
                counts[(s * days + t) * paths + m] = n < 255.0 ? n : 255;
            }
            for (int64_t f = 0; f < F; f++)
                for (int64_t q = 0; q < Q; q++) {
                    double d = w->memory_decays[q], violent = rung[f] >= w->active[f];
                    double new = q < w->dead ? log_count(w, dead[f]) / w->death_scale : violent;
                    memory[f * Q + q] = d * memory[f * Q + q] + (1.0 - d) * new;
                }
            for (int64_t p = 0; p < P; p++) {
                double added = 0.0, d = w->decay[draw * P + p];
                for (int64_t k = w->fed_start[p]; k < w->fed_start[p + 1]; k++)
                    added += w->fed_weight[k] * logs[w->fed_stream[k]];
                added += w->shown_weight[p] * (rung[w->shown_place[p]] >= w->shown_code[p]);
                added += (1.0 - d) * w->series[w->series_start[p] + t];
                pressure[p] = fmax(d * pressure[p] + added, w->floor_[p]);
            }
        }
        for (int64_t p = 0; p < P; p++) levels[p * paths + m] = (float)(pressure[p] / w->scale[p]);
    }
}
