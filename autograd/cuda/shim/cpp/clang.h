// What NVRTC knows of itself, for clang's CUDA front end to check kernels without CUDA's
// headers:
//
//	clang -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_80 \
//		-fsyntax-only -Wall -Werror -include clang.h KERNELS.cu
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __host__ __attribute__((host))
#include <__clang_cuda_builtin_vars.h>
extern "C" {
__device__ float expf(float);
__device__ float tanhf(float);
__device__ float sqrtf(float);
}
