// What the network does on a card beside matrix products. A thread writes numbers that no
// other does: no shared memory, no barriers, so that a launch may as well be a loop.
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

// pi and pj of every receiver's pairs.
extern "C" __global__ void list_pairs(int threads, const int *start, const int *first, const int *count, int *pi, int *pj) {
    THREAD;
    int p = start[t], j = first[t];
    for (int last = p + count[t]; p < last; p++, j++) {
        j += j == t;
        pi[p] = t;
        pj[p] = j;
    }
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

// a (P, E) = SiLU(u_i + v_j + b + d^2·w_d + d0^2·w_0), columns = [w_d; w_0], of the atoms from
// atom0 on. One thread is a receiver and a channel, and goes through the receiver's pairs,
// here and below: what is the receiver's is read once, and neighbouring threads read
// neighbouring numbers.
extern "C" __global__ void edge_silu(int threads, int E, int atom0, int pair0, const int *start, const int *first, const int *count,
                                     const float *u, const float *__restrict__ v, const float *b, const float *columns,
                                     const float *__restrict__ d, float *__restrict__ a) {
    THREAD;
    int i = atom0 + t / E, e = t % E, p = start[i] - pair0, j = first[i];
    float at = u[i * E + e] + b[e], wd = columns[e], w0 = columns[E + e];
    for (int last = p + count[i]; p < last; p++, j++) {
        j += j == i;
        a[p * E + e] = silu(at + v[j * E + e] + d[2 * p] * wd + d[2 * p + 1] * w0);
    }
}

// The same backward: da becomes the gradient of SiLU's argument, du (N, E) its sum at the
// receiver, and dcolumns (2, N, E) that of its products with d^2 and d0^2.
extern "C" __global__ void edge_back(int threads, int E, int atom0, int pair0, const int *start, const int *first, const int *count,
                                     const float *u, const float *__restrict__ v, const float *b, const float *columns,
                                     const float *__restrict__ d, float *__restrict__ da, int atoms, float *du, float *dcolumns) {
    THREAD;
    int i = atom0 + t / E, e = t % E, p = start[i] - pair0, j = first[i];
    float at = u[i * E + e] + b[e], wd = columns[e], w0 = columns[E + e], sum = 0.0f, sumd = 0.0f, sum0 = 0.0f;
    for (int last = p + count[i]; p < last; p++, j++) {
        j += j == i;
        float g = da[p * E + e] * silu_slope(at + v[j * E + e] + d[2 * p] * wd + d[2 * p + 1] * w0);
        da[p * E + e] = g;
        sum += g;
        sumd += g * d[2 * p];
        sum0 += g * d[2 * p + 1];
    }
    du[i * E + e] = sum;
    dcolumns[i * E + e] = sumd;
    dcolumns[(atoms + i) * E + e] = sum0;
}

// parts (P, G) = sums over 8 channels of SiLU(z + b)·w; w is one row, or where pi is given
// the receiver's.
extern "C" __global__ void head_parts(int threads, int E, int G, const int *pi, const float *z, const float *b, const float *w, float *parts) {
    THREAD;
    int p = t / G, e0 = t % G * 8;
    if (pi) w += pi[p] * E;
    float sum = 0.0f;
    for (int k = 0; k < 8; k++)
        if (e0 + k < E) sum += silu(z[p * E + e0 + k] + b[e0 + k]) * w[e0 + k];
    parts[t] = sum;
}

__device__ float row_sum(const float *parts, int row, int G) {
    float sum = 0.0f;
    for (int k = 0; k < G; k++) sum += parts[row * G + k];
    return sum;
}

// s (P) = the sums of parts, weight (P) = sigma(s + b)/norm.
extern "C" __global__ void gate(int threads, int G, const float *parts, const float *b, float norm, float *s, float *weight) {
    THREAD;
    s[t] = row_sum(parts, t, G);
    weight[t] = sigmoid(s[t] + b[0]) / norm;
}

// Both backward: weight once more, and ds = dweight·weight·(1 - sigma), where the sums of
// parts are dweight.
extern "C" __global__ void gate_back(int threads, int G, const float *parts, const float *s, const float *b, float norm, float *weight, float *ds) {
    THREAD;
    float g = sigmoid(s[t] + b[0]);
    weight[t] = g / norm;
    ds[t] = row_sum(parts, t, G) * weight[t] * (1.0f - g);
}

// y (N, E) = sum_j weight·SiLU(z + b), of the atoms from atom0 on.
extern "C" __global__ void message_sum(int threads, int E, int atom0, int pair0, const int *start, const int *count,
                                       const float *weight, const float *z, const float *b, float *y) {
    THREAD;
    int i = atom0 + t / E, e = t % E, p = start[i] - pair0;
    float sum = 0.0f;
    for (int last = p + count[i]; p < last; p++) sum += weight[p] * silu(z[p * E + e] + b[e]);
    y[i * E + e] = sum;
}

// y_i = sum_j weight·m, s = w·m, m = SiLU(z + b)  =>  z becomes its gradient (weight·dy_i +
// ds·w)·SiLU'(z + b), dw (N, E) = sum_j ds·m, db (N, E) = sum_j dz; the first is left out
// where weight is null, the second where ds is, and dw where it is.
extern "C" __global__ void message_back(int threads, int E, int atom0, int pair0, const int *start, const int *count,
                                        const float *b, const float *w, const float *__restrict__ ds, const float *__restrict__ weight,
                                        const float *dy, float *__restrict__ z, float *dw, float *db) {
    THREAD;
    int i = atom0 + t / E, e = t % E, p = start[i] - pair0;
    float dyi = weight ? dy[i * E + e] : 0.0f, we = ds ? w[e] : 0.0f, sum = 0.0f, head = 0.0f;
    for (int last = p + count[i]; p < last; p++) {
        float x = z[p * E + e] + b[e], sx = sigmoid(x), dm = weight ? weight[p] * dyi : 0.0f;
        if (ds) {
            dm += ds[p] * we;
            head += ds[p] * x * sx;
        }
        dm *= sx * (1.0f + x * (1.0f - sx));
        z[p * E + e] = dm;
        sum += dm;
    }
    if (dw) dw[i * E + e] = head;
    db[i * E + e] = sum;
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

// s (P) = the sums of parts, weight (P) = s/((d + c)·norm), or range·tanh(s)/((d + c)·norm),
// d = sqrt(d^2 + 1e-8); range 0 is none.
extern "C" __global__ void coordinate_weight(int threads, int G, const float *parts, const float *d, float range, float c, float norm,
                                             float *s, float *weight) {
    THREAD;
    s[t] = row_sum(parts, t, G);
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

// Both backward by s and by d^2: weight once more, and with dweight = (x_i - x_j)·dy_i,
// ds = dweight·dweight/ds and dd = -dweight·weight/((d + c)·2·d).
extern "C" __global__ void coordinate_back(int threads, const int *pi, const int *pj, const float *x, const float *dy, const float *d,
                                           const float *s, float range, float c, float norm, float *weight, float *ds, float *dd) {
    THREAD;
    float dweight = 0.0f;
    for (int k = 0; k < 3; k++) dweight += (x[3 * pi[t] + k] - x[3 * pj[t] + k]) * dy[3 * pi[t] + k];
    float length = sqrtf(d[2 * t] + 1e-8f), inverse = 1.0f / ((length + c) * norm);
    float bounded = range > 0.0f ? tanhf(s[t]) : 0.0f;
    float value = range > 0.0f ? range * bounded : s[t], slope = range > 0.0f ? range * (1.0f - bounded * bounded) : 1.0f;
    weight[t] = value * inverse;
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

// parts (threads) = sums of the squares of every so manyth of n numbers; many such rows of n
// one after another, each with threads/rows parts.
extern "C" __global__ void square_parts(int threads, int n, int perRow, const float *x, float *parts) {
    THREAD;
    float sum = 0.0f;
    x += t / perRow * n;
    for (int i = t % perRow; i < n; i += perRow) sum += x[i] * x[i];
    parts[t] = sum;
}

// Rows x (rows, n), each divided by the root of the sum of its perRow parts; zeros where that
// has no inverse.
extern "C" __global__ void normalise(int threads, int n, int perRow, const float *parts, float *x) {
    THREAD;
    float sum = row_sum(parts, t / n, perRow);
    float inverse = 1.0f / sqrtf(sum);
    x[t] = inverse <= 3.4e38f || sum != sum ? x[t] * inverse : 0.0f;
}
