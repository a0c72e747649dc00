package cuda

// API is the entries that are used of CUDA's driver, its compiler and cuBLAS, by the
// names in their headers. Each returns 0 for success. Pointers into the card's memory are
// uint64, and handles uintptr.
type API struct {
	Init               func(flags uint32) int32                                                                                                       `lib:"cuda" name:"cuInit"`
	DeviceGet          func(device *int32, ordinal int32) int32                                                                                       `lib:"cuda" name:"cuDeviceGet"`
	DeviceGetName      func(name *byte, length, device int32) int32                                                                                   `lib:"cuda" name:"cuDeviceGetName"`
	DeviceGetAttribute func(value *int32, attribute, device int32) int32                                                                              `lib:"cuda" name:"cuDeviceGetAttribute"`
	ContextRetain      func(context *uintptr, device int32) int32                                                                                     `lib:"cuda" name:"cuDevicePrimaryCtxRetain"`
	ContextRelease     func(device int32) int32                                                                                                       `lib:"cuda" name:"cuDevicePrimaryCtxRelease_v2"`
	ContextSetCurrent  func(context uintptr) int32                                                                                                    `lib:"cuda" name:"cuCtxSetCurrent"`
	ContextSynchronize func() int32                                                                                                                   `lib:"cuda" name:"cuCtxSynchronize"`
	ErrorName          func(code int32, name **byte) int32                                                                                            `lib:"cuda" name:"cuGetErrorName"`
	ModuleLoad         func(module *uintptr, image *byte) int32                                                                                       `lib:"cuda" name:"cuModuleLoadData"`
	ModuleUnload       func(module uintptr) int32                                                                                                     `lib:"cuda" name:"cuModuleUnload"`
	ModuleFunction     func(function *uintptr, module uintptr, name *byte) int32                                                                      `lib:"cuda" name:"cuModuleGetFunction"`
	MemoryAlloc        func(at *uint64, bytes uint64) int32                                                                                           `lib:"cuda" name:"cuMemAlloc_v2"`
	MemoryFree         func(at uint64) int32                                                                                                          `lib:"cuda" name:"cuMemFree_v2"`
	CopyToDevice       func(to uint64, from *byte, bytes uint64) int32                                                                                `lib:"cuda" name:"cuMemcpyHtoD_v2"`
	CopyToHost         func(to *byte, from uint64, bytes uint64) int32                                                                                `lib:"cuda" name:"cuMemcpyDtoH_v2"`
	CopyOnDevice       func(to, from, bytes uint64) int32                                                                                             `lib:"cuda" name:"cuMemcpyDtoD_v2"`
	MemorySet          func(at uint64, bits uint32, count uint64) int32                                                                               `lib:"cuda" name:"cuMemsetD32_v2"`
	Launch             func(function uintptr, gridX, gridY, gridZ, blockX, blockY, blockZ, shared uint32, stream uintptr, args, extra *uintptr) int32 `lib:"cuda" name:"cuLaunchKernel"`

	ProgramCreate    func(program *uintptr, source, name *byte, headers int32, texts, names *uintptr) int32 `lib:"nvrtc" name:"nvrtcCreateProgram"`
	ProgramCompile   func(program uintptr, options int32, option **byte) int32                              `lib:"nvrtc" name:"nvrtcCompileProgram"`
	ProgramDestroy   func(program *uintptr) int32                                                           `lib:"nvrtc" name:"nvrtcDestroyProgram"`
	ProgramLogSize   func(program uintptr, size *uint64) int32                                              `lib:"nvrtc" name:"nvrtcGetProgramLogSize"`
	ProgramLog       func(program uintptr, log *byte) int32                                                 `lib:"nvrtc" name:"nvrtcGetProgramLog"`
	ProgramImageSize func(program uintptr, size *uint64) int32                                              `lib:"nvrtc" name:"nvrtcGetCUBINSize"`
	ProgramImage     func(program uintptr, image *byte) int32                                               `lib:"nvrtc" name:"nvrtcGetCUBIN"`

	BlasCreate      func(blas *uintptr) int32                                                                                                                              `lib:"cublas" name:"cublasCreate_v2"`
	BlasDestroy     func(blas uintptr) int32                                                                                                                               `lib:"cublas" name:"cublasDestroy_v2"`
	BlasSetMath     func(blas uintptr, mode int32) int32                                                                                                                   `lib:"cublas" name:"cublasSetMathMode"`
	BlasSetAtomics  func(blas uintptr, mode int32) int32                                                                                                                   `lib:"cublas" name:"cublasSetAtomicsMode"`
	BlasGemm        func(blas uintptr, opA, opB, m, n, k int32, alpha *float32, a uint64, lda int32, b uint64, ldb int32, beta *float32, c uint64, ldc int32) int32        `lib:"cublas" name:"cublasSgemm_v2"`
	BlasGemmBatched func(blas uintptr, opA, opB, m, n, k int32, alpha *float32, a uint64, lda int32, b uint64, ldb int32, beta *float32, c uint64, ldc, count int32) int32 `lib:"cublas" name:"cublasSgemmBatched"`
}

// Values of CUDA's and cuBLAS's enumerations.
const (
	attributeMajor = 75 // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
	attributeMinor = 76 // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR

	mathDefault = 0 // CUBLAS_DEFAULT_MATH
	mathTF32    = 3 // CUBLAS_TF32_TENSOR_OP_MATH
	atomicsOff  = 0 // CUBLAS_ATOMICS_NOT_ALLOWED

	opPlain      = 0 // CUBLAS_OP_N
	opTransposed = 1 // CUBLAS_OP_T
)
