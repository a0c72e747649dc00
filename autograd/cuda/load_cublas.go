//go:build cublas && linux

package cuda

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/ebitengine/purego"
)

// names are the files that a library may be, the newest version first.
var names = map[string][]string{
	"cuda":   {"libcuda.so.1"},
	"nvrtc":  {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"},
	"cublas": {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"},
}

// load opens the libraries, looking in folders first, and finds every entry.
func load(folders []string) (*API, error) {
	api, libraries := new(API), map[string]uintptr{}
	fields, entries := reflect.ValueOf(api).Elem(), reflect.TypeFor[API]()
	for i := range entries.NumField() {
		tag := entries.Field(i).Tag
		library := tag.Get("lib")
		if libraries[library] == 0 {
			handle, err := open(names[library], folders)
			if err != nil {
				return nil, err
			}
			libraries[library] = handle
		}
		entry, err := purego.Dlsym(libraries[library], tag.Get("name"))
		if err != nil {
			return nil, fmt.Errorf("lib%s has no %s: %w", library, tag.Get("name"), err)
		}
		purego.RegisterFunc(fields.Field(i).Addr().Interface(), entry)
	}
	return api, nil
}

// open opens the first of the files that there is, in the folders or where the system
// looks.
func open(files, folders []string) (uintptr, error) {
	for _, folder := range append(folders, "") {
		for _, file := range files {
			if handle, err := purego.Dlopen(filepath.Join(folder, file), purego.RTLD_NOW|purego.RTLD_GLOBAL); err == nil {
				return handle, nil
			}
		}
	}
	return 0, fmt.Errorf("none of %s can be opened, neither in EQUIFM_CUDA=%q nor where the system looks",
		strings.Join(files, ", "), strings.Join(folders, ":"))
}
