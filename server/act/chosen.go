package act

import "godrift.dev/server/remember"

// Chosen are the values that fixes of the journal gave to variables because a
// person asked for it, an undo among them: the last one of each, nil where it was
// unset. Entries come newest first, as the journal lists them.
func Chosen(entries []remember.Entry) map[string]*string {
	chosen := map[string]*string{}
	for _, e := range entries {
		if e.State != remember.StateDone && e.State != remember.StateUndone || e.Unreadable != nil {
			continue
		}
		steps, err := decodeSteps(e.Steps)
		if err != nil {
			continue // of another version: what it did is not known any more
		}
		for _, s := range steps {
			for _, v := range s.Variables {
				if _, later := chosen[v.Name]; !later {
					chosen[v.Name] = v.After
				}
			}
		}
	}
	return chosen
}
