#!/bin/sh
# Compiles kernels for the processor, as the three libraries that package cuda opens:
#
#	sh build.sh KERNELS.cu FOLDER [options of g++, such as -fsanitize=address]
#
# A program with the tag cublas computes with them if EQUIFM_CUDA is the folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kernels=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$2
shift 2
mkdir -p "$folder"
tr '\n' ' ' <"$kernels" | grep -o 'extern "C" __global__ void [a-z0-9_]*(' | sed 's/.* \([a-z0-9_]*\)($/KERNEL(\1)/' >"$folder/names.h"
folder=$(cd "$folder" && pwd)
g++ -std=c++17 -O2 -shared -fPIC -Wall -Werror "$@" -DKERNELS="\"$kernels\"" -DNAMES="\"$folder/names.h\"" \
	-o "$folder/libcuda.so.1" "$here/shim.cpp"
ln -sf libcuda.so.1 "$folder/libnvrtc.so.13"
ln -sf libcuda.so.1 "$folder/libcublas.so.13"
