// Package parallel hands numbered tasks to workers.
//
// Which worker gets a task, and when, is chance; what comes out must not be. It is
// not where a task depends on its number alone: it reads what no task writes,
// writes to a place that belongs to its number, such as an element of a slice, and
// uses its worker's memory only as scratch. Whoever needs a sum then adds the
// places up in their order after [Each] has returned. How many tasks there are must
// not depend on the number of workers either, for parts cut otherwise round
// otherwise.
//
// Shards of a batch, parts of a vector, matrices of an optimiser, batches of
// molecules to judge: all are shared out here, and give the same bits for any
// number of workers.
//
// [Ranks] does the same for processes, on one machine or many: every one of them has the
// same data, does the tasks that are its own by index, and hears from the others what came
// out of theirs. Package mpi, below, has ranks over the system's MPI.
package parallel
