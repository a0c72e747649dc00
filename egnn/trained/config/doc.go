// Package config reads what a run is to do: TOML, checked key by key.
//
// A [Config] has a section for each part of a run: what to learn from, the network,
// the path, what the network's numbers mean, the loss, the transport, the training
// and the sample at its end. presets/tiny.toml explains every key where it stands.
//
//	c, notes, err := config.Load("my.toml") // or the name of a preset
//
// Three lie over each other: [Default], which is EquiFM as published; the
// preset that the file's key base names, if it has one; and the file. So a file says
// only what it changes, and a preset is a file like any other (presets/).
//
// Nothing is guessed. A key that is not known is an error with its line and the
// nearest known one (unknown.go); a key that takes one word of a few has a type that
// knows them all (choice.go, and the types of packages flow and eot); numbers have
// bounds, and some settings do not go together ([Config.Check]). A key that was
// renamed is still read, with a note (renamed.go).
//
// [Config.String] writes every key. A checkpoint holds that text, and a program that
// opens it reads it as it reads a file. What the settings mean to other packages,
// such as the [flow.Settings] of a trainer, is in meaning.go, and which of them a
// resumed run has changed in diff.go.
package config
