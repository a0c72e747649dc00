package cuda

// Unavailable says why there is no card to compute on: a program built without it, a
// library that is missing, a driver without a card.
type Unavailable struct{ Cause error }

func (u *Unavailable) Error() string { return "cuda: no device to compute on: " + u.Cause.Error() }

func (u *Unavailable) Unwrap() error { return u.Cause }
