// Package page makes report.html of a sample: one file that is whole by itself, to open
// from a disk with the network off, and report.csv beside it, of everything plotted.
//
//	page.Write(ctx, "report.html", page.Source{…})
//
// A Source is what is known: molecules in a Gallery, figures and shapes, and where there
// is one the model, its losses and molecules held out. What is not known is left out.
//
//	source.go      what a page is made of
//	page.go        put together, and written
//	gallery.go     molecules, good and bad, with the reason; film.go how one came about
//	figures.go     metrics with intervals, beside the data's and the paper's
//	shapes.go      bond lengths and angles against the data's
//	training.go    losses by step and by t; field.go the field by t
//	chart.go       panels by gonum/plot, in colours that the page's style gives
//	csv.go         what was plotted
//	assets         the page's text, style and scripts
//
// Findings are those of package signs.
package page
