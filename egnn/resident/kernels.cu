// What the network does on a card beside matrix products. One thread computes one number
// of a result: no shared memory, no barriers, so that a launch may as well be a loop.
// Every kernel's first argument is how many threads it has.
//
// N atoms, P pairs, H channels of an atom, E of a pair; matrices are row-major. Pair p is
// receiver pi[p] and sender pj[p]. The pairs of a receiver i are count[i], from number
// start[i] on, with the other atoms of its molecule for senders in their order; first[i] is
// the molecule's first atom. Pairs go through in pieces of whole molecules: of what has a
// row for a pair a kernel gets the piece's rows, and pair0 is the number of the first.

#define THREAD int t = blockIdx.x * blockDim.x + threadIdx.x; if (t >= threads) return

__device__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
__device__ float silu(float x) { return x * sigmoid(x); }

__device__ float silu_slope(float x) {
    float s = sigmoid(x);
    return s * (1.0f + x * (1.0f - s));
}

// The number of the pair of receiver i and sender j.
__device__ int pair_of(int i, int j, const int *start, const int *first) {
    return start[i] + (j - first[i]) - (j > i ? 1 : 0);
}

// y (rows, cols) = x + b, or b where x is null.
extern "C" __global__ void add_bias(int threads, int cols, const float *x, const float *b, float *y) {
    THREAD;
    y[t] = (x ? x[t] : 0.0f) + b[t % cols];
}

// y (rows, cols) = SiLU(z + b).
extern "C" __global__ void bias_silu(int threads, int cols, const float *z, const float *b, float *y) {
    THREAD;
    y[t] = silu(z[t] + b[t % cols]);
}

// y = SiLU(z + b)  =>  dz = dy·SiLU'(z + b), in dy's place.
extern "C" __global__ void bias_silu_back(int threads, int cols, const float *z, const float *b, float *dy) {
    THREAD;
    dy[t] *= silu_slope(z[t] + b[t % cols]);
}

// columns (2, E) = two neighbouring columns of a matrix with rows of stride numbers.
extern "C" __global__ void copy_columns(int threads, int E, int stride, const float *w, float *columns) {
    THREAD;
    columns[t] = w[(t % E) * stride + t / E];
}

// One column of d (P, 2) = |x_i - x_j|^2.
extern "C" __global__ void pair_distance(int threads, const int *pi, const int *pj, const float *x, int column, float *d) {
    THREAD;
    float sum = 0.0f;
    for (int k = 0; k < 3; k++) {
        float u = x[3 * pi[t] + k] - x[3 * pj[t] + k];
        sum += u * u;
    }
    d[2 * t + column] = sum;
}

// What the first linear of an edge perceptron gives for pair p and channel e.
__device__ float edge_input(int p, int e, int E, const int *pi, const int *pj, const float *u, const float *v,
                            const float *b, const float *columns, const float *d) {
    return u[pi[p] * E + e] + v[pj[p] * E + e] + b[e] + d[2 * p] * columns[e] + d[2 * p + 1] * columns[E + e];
}

// a (P, E) = SiLU(u_i + v_j + b + d^2·w_d + d0^2·w_0), columns = [w_d; w_0].
extern "C" __global__ void edge_silu(int threads, int E, const int *pi, const int *pj, const float *u, const float *v,
                                     const float *b, const float *columns, const float *d, float *a) {
    THREAD;
    a[t] = silu(edge_input(t / E, t % E, E, pi, pj, u, v, b, columns, d));
}

// The same backward: da becomes the gradient of SiLU's argument.
extern "C" __global__ void edge_back(int threads, int E, const int *pi, const int *pj, const float *u, const float *v,
                                     const float *b, const float *columns, const float *d, float *da) {
    THREAD;
    da[t] *= silu_slope(edge_input(t / E, t % E, E, pi, pj, u, v, b, columns, d));
}

// weight (P) = sigma(s + b)/norm, or 1/norm without a gate.
extern "C" __global__ void gate(int threads, int gated, const float *s, const float *b, float norm, float *weight) {
    THREAD;
    weight[t] = (gated ? sigmoid(s[t] + b[0]) : 1.0f) / norm;
}

// The same backward: ds = dweight·weight·(1 - weight·norm), in dweight's place.
extern "C" __global__ void gate_back(int threads, const float *weight, float norm, float *dweight) {
    THREAD;
    dweight[t] *= weight[t] * (1.0f - weight[t] * norm);
}

// y (N, E) = sum_j weight·m, of the atoms from atom0 on; weights are 1 where null.
extern "C" __global__ void segment_sum(int threads, int E, int atom0, int pair0, const int *start, const int *count,
                                       const float *weight, const float *m, float *y) {
    THREAD;
    int i = atom0 + t / E, e = t % E;
    float sum = 0.0f;
    for (int k = 0; k < count[i]; k++) {
        int p = start[i] - pair0 + k;
        sum += (weight ? weight[p] : 1.0f) * m[p * E + e];
    }
    y[i * E + e] = sum;
}

// dv (N, E) = sum_i dm of the pairs whose sender is the atom.
extern "C" __global__ void sender_sum(int threads, int E, int atom0, int pair0, const int *start, const int *first,
                                      const int *count, const float *dm, float *dv) {
    THREAD;
    int j = atom0 + t / E, e = t % E;
    float sum = 0.0f;
    for (int i = first[j]; i <= first[j] + count[j]; i++)
        if (i != j) sum += dm[(pair_of(i, j, start, first) - pair0) * E + e];
    dv[j * E + e] = sum;
}

// q (P, E) = m·dy_i, whose sum over e is the gradient of y_i = sum_j weight·m by weight.
extern "C" __global__ void times_receiver(int threads, int E, const int *pi, const float *m, const float *dy, float *q) {
    THREAD;
    q[t] = m[t] * dy[pi[t / E] * E + t % E];
}

// y_i = sum_j weight·m, s = w·m, m = SiLU(z + b)  =>  dz = (weight·dy_i + ds·w)·SiLU'(z + b); the
// first is left out where weight is null, the second where ds is.
extern "C" __global__ void message_back(int threads, int E, const int *pi, const float *z, const float *b, const float *w,
                                        const float *ds, const float *weight, const float *dy, float *dz) {
    THREAD;
    int p = t / E, e = t % E;
    float dm = 0.0f;
    if (weight) dm += weight[p] * dy[pi[p] * E + e];
    if (ds) dm += ds[p] * w[e];
    dz[t] = dm * silu_slope(z[t] + b[e]);
}

// weight (P) = s/((d + c)·norm), or range·tanh(s)/((d + c)·norm), d = sqrt(d^2 + 1e-8); range 0 is none.
extern "C" __global__ void coordinate_weight(int threads, const float *d, const float *s, float range, float c, float norm,
                                             float *weight) {
    THREAD;
    float length = sqrtf(d[2 * t] + 1e-8f);
    weight[t] = (range > 0.0f ? range * tanhf(s[t]) : s[t]) / ((length + c) * norm);
}

// y (N, 3) = x_i + sum_j (x_i - x_j)·weight.
extern "C" __global__ void coordinate_shift(int threads, const int *start, const int *first, const int *count,
                                            const float *x, const float *weight, float *y) {
    THREAD;
    int i = t / 3, k = t % 3;
    float sum = 0.0f;
    for (int j = first[i]; j <= first[i] + count[i]; j++)
        if (j != i) sum += (x[t] - x[3 * j + k]) * weight[pair_of(i, j, start, first)];
    y[t] = x[t] + sum;
}

// Both backward by s and by d^2: with dweight = (x_i - x_j)·dy_i, ds = dweight·dweight/ds and
// dd = -dweight·weight/((d + c)·2·d).
extern "C" __global__ void coordinate_back(int threads, const int *pi, const int *pj, const float *x, const float *dy,
                                           const float *d, const float *s, float range, float c, float norm, float *ds, float *dd) {
    THREAD;
    float dweight = 0.0f;
    for (int k = 0; k < 3; k++) dweight += (x[3 * pi[t] + k] - x[3 * pj[t] + k]) * dy[3 * pi[t] + k];
    float length = sqrtf(d[2 * t] + 1e-8f), inverse = 1.0f / ((length + c) * norm);
    float bounded = range > 0.0f ? tanhf(s[t]) : 0.0f;
    float value = range > 0.0f ? range * bounded : s[t], slope = range > 0.0f ? range * (1.0f - bounded * bounded) : 1.0f;
    ds[t] = dweight * slope * inverse;
    dd[t] = -dweight * value * inverse / ((length + c) * 2.0f * length);
}

// y = x_i + sum_j (x_i - x_j)·weight and d^2 = |x_i - x_j|^2, for dy and dd  =>  dx (N, 3). Where
// weight is null y is x.
extern "C" __global__ void position_back(int threads, const int *start, const int *first, const int *count, const float *x,
                                         const float *weight, const float *dd, const float *dy, float *dx) {
    THREAD;
    int i = t / 3, k = t % 3;
    float sum = dy[t];
    for (int j = first[i]; j <= first[i] + count[i]; j++) {
        if (j == i) continue;
        int to = pair_of(i, j, start, first), from = pair_of(j, i, start, first);
        if (weight) sum += weight[to] * dy[t] - weight[from] * dy[3 * j + k];
        sum += 2.0f * (x[t] - x[3 * j + k]) * (dd[to] + dd[from]);
    }
    dx[t] = sum;
}

// AdamW with amsgrad: decay = 1 - lr·wd, step = lr/(1 - b1^n), root = 1/sqrt(1 - b2^n), c1 = 1 - b1, c2 = 1 - b2.
extern "C" __global__ void adamw(int threads, float *p, float *m, float *v, float *vmax, const float *g, float scale,
                                 float decay, float step, float root, float b1, float c1, float b2, float c2, float eps) {
    THREAD;
    float grad = scale * g[t];
    m[t] = b1 * m[t] + c1 * grad;
    v[t] = b2 * v[t] + c2 * grad * grad;
    if (!(vmax[t] > v[t])) vmax[t] = v[t]; // a NaN in v, which stays there, wins
    p[t] = decay * p[t] - step * m[t] / (root * sqrtf(vmax[t]) + eps);
}

// y = a·x + b·z; y may be x or z.
extern "C" __global__ void blend(int threads, float a, const float *x, float b, const float *z, float *y) {
    THREAD;
    y[t] = a * x[t] + b * z[t];
}

// parts (threads) = sums of the squares of every so manyth of n numbers.
extern "C" __global__ void square_parts(int threads, int n, const float *x, float *parts) {
    THREAD;
    float sum = 0.0f;
    for (int i = t; i < n; i += threads) sum += x[i] * x[i];
    parts[t] = sum;
}

// x divided by the root of the sum of parts; zeros where that has no inverse.
extern "C" __global__ void normalise(int threads, int n, const float *parts, float *x) {
    THREAD;
    float sum = 0.0f;
    for (int i = 0; i < n; i++) sum += parts[i];
    float inverse = 1.0f / sqrtf(sum);
    x[t] = inverse <= 3.4e38f || sum != sum ? x[t] * inverse : 0.0f;
}
