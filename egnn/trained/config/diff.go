package config

import (
	"fmt"
	"reflect"
)

// Diff lists the keys in which two configurations differ, as "key: a → b", but
// for those that say how long to train and what to do around it.
func Diff(a, b Config) []string {
	return diff(reflect.ValueOf(a), reflect.ValueOf(b), "")
}

// harmless keys change nothing of what a step computes.
var harmless = map[string]bool{"name": true, "data.address": true, "data.sha256": true, "sample": true, "train.steps": true, "train.log_every": true, "train.checkpoint_every": true}

func diff(a, b reflect.Value, prefix string) (lines []string) {
	for i := range a.NumField() {
		key := prefix + a.Type().Field(i).Tag.Get("toml")
		x, y := a.Field(i), b.Field(i)
		switch {
		case harmless[key] || x.Equal(y):
		case x.Kind() == reflect.Struct:
			lines = append(lines, diff(x, y, key+".")...)
		default:
			lines = append(lines, fmt.Sprintf("%s: %v → %v", key, x, y))
		}
	}
	return lines
}
