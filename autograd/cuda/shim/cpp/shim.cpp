// Kernels on the processor: the entries of libcuda, libnvrtc and libcublas that package
// cuda uses, with a launch that is a loop over its threads. Memory is the processor's own,
// an allocation for each, filled with NaNs: what is read before it is written shows, and
// what is read outside of it the address sanitizer says.
//
// build.sh compiles it together with a file of kernels and the list of their names.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

struct Index { unsigned x; };
static thread_local Index blockIdx, blockDim, threadIdx;
#define __global__
#define __device__ static
#include KERNELS

typedef void (*Launcher)(void **args);

template <typename... A, size_t... I>
static void call(void (*kernel)(A...), void **args, std::index_sequence<I...>) {
    kernel(*static_cast<A *>(args[I])...);
}

template <auto kernel> struct Of;
template <typename... A, void (*kernel)(A...)> struct Of<kernel> {
    static void launch(void **args) { call(kernel, args, std::index_sequence_for<A...>()); }
};

static const struct { const char *name; Launcher launch; } kernels[] = {
#define KERNEL(name) {#name, Of<name>::launch},
#include NAMES
};

extern "C" {

int cuInit(unsigned) { return 0; }
int cuDeviceGet(int *device, int) { *device = 0; return 0; }
int cuDeviceGetName(char *name, int length, int) { strncpy(name, "processor", length); return 0; }
int cuDeviceGetAttribute(int *value, int, int) { *value = 0; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int) { *context = malloc(1); return 0; }
int cuDevicePrimaryCtxRelease_v2(int) { return 0; }
int cuCtxSetCurrent(void *) { return 0; }
int cuCtxSynchronize() { return 0; }
int cuGetErrorName(int, const char **name) { *name = "CUDA_ERROR"; return 0; }
int cuModuleLoadData(void **module, const void *) { *module = malloc(1); return 0; }
int cuModuleUnload(void *module) { free(module); return 0; }

int cuModuleGetFunction(Launcher *function, void *, const char *name) {
    for (auto &k : kernels)
        if (!strcmp(k.name, name)) { *function = k.launch; return 0; }
    return 500; // CUDA_ERROR_NOT_FOUND
}

int cuMemAlloc_v2(void **at, size_t bytes) {
    if (!(*at = malloc(bytes))) return 2; // CUDA_ERROR_OUT_OF_MEMORY
    memset(*at, 0xff, bytes);
    return 0;
}

int cuMemFree_v2(void *at) { free(at); return 0; }
int cuMemcpyHtoD_v2(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); return 0; }
int cuMemcpyDtoH_v2(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); return 0; }
int cuMemcpyDtoD_v2(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); return 0; }

int cuMemsetD32_v2(uint32_t *at, unsigned bits, size_t count) {
    for (size_t i = 0; i < count; i++) at[i] = bits;
    return 0;
}

int cuLaunchKernel(Launcher launch, unsigned grid, unsigned, unsigned, unsigned block, unsigned, unsigned,
                   unsigned, void *, void **args, void **) {
    blockDim.x = block;
    for (blockIdx.x = 0; blockIdx.x < grid; blockIdx.x++)
        for (threadIdx.x = 0; threadIdx.x < block; threadIdx.x++) launch(args);
    return 0;
}

int nvrtcCreateProgram(void **program, const char *, const char *, int, const void *, const void *) { *program = malloc(1); return 0; }
int nvrtcCompileProgram(void *, int, const char *const *) { return 0; }
int nvrtcDestroyProgram(void **program) { free(*program); return 0; }
int nvrtcGetProgramLogSize(void *, size_t *size) { *size = 0; return 0; }
int nvrtcGetProgramLog(void *, char *) { return 0; }
int nvrtcGetCUBINSize(void *, size_t *size) { *size = 1; return 0; }
int nvrtcGetCUBIN(void *, char *image) { *image = 0; return 0; }

int cublasCreate_v2(void **blas) { *blas = malloc(1); return 0; }
int cublasDestroy_v2(void *blas) { free(blas); return 0; }
int cublasSetMathMode(void *, int) { return 0; }
int cublasSetAtomicsMode(void *, int) { return 0; }

// C (m, n) = alpha·op(A)·op(B) + beta·C by columns; C is not read where beta is 0. The
// sums are in double precision, as the many partial sums of a card are nearly.
int cublasSgemm_v2(void *, int opA, int opB, int m, int n, int k, const float *alpha, const float *a, int lda,
                   const float *b, int ldb, const float *beta, float *c, int ldc) {
    double *column = new double[m];
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) column[i] = 0;
        for (int p = 0; p < k; p++) {
            double right = opB ? b[j + size_t(p) * ldb] : b[p + size_t(j) * ldb];
            if (opA)
                for (int i = 0; i < m; i++) column[i] += right * a[p + size_t(i) * lda];
            else
                for (int i = 0; i < m; i++) column[i] += right * a[i + size_t(p) * lda];
        }
        float *to = c + size_t(j) * ldc;
        for (int i = 0; i < m; i++) to[i] = float(*alpha * column[i] + (*beta == 0 ? 0 : double(*beta) * to[i]));
    }
    delete[] column;
    return 0;
}

int cublasSgemmBatched(void *, int opA, int opB, int m, int n, int k, const float *alpha, const float *const *a, int lda,
                       const float *const *b, int ldb, const float *beta, float *const *c, int ldc, int count) {
    for (int i = 0; i < count; i++) cublasSgemm_v2(nullptr, opA, opB, m, n, k, alpha, a[i], lda, b[i], ldb, beta, c[i], ldc);
    return 0;
}
}
