module equifm

go 1.26.0

require (
	github.com/BurntSushi/toml v1.6.0
	golang.org/x/sync v0.24.0
	golang.org/x/sys v0.49.0
	gonum.org/v1/gonum v0.17.0
)
