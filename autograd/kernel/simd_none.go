package kernel

func detect() *kernels { return nil }
