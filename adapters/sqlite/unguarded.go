package sqlite

// Unguarded implements [ports.AuditRecords]: it compares the whole schema with what the
// migrations make. What does not belong there counts too, because a trigger on any table can
// drop events as they are written, or change accounts.
func (r auditRecords) Unguarded() (problems []string, err error) {
	newest, err := migrations()
	if err != nil {
		return nil, err
	}
	found, err := differences(r, int64(len(newest)))
	if err != nil {
		return nil, unavailable("comparing the schema", err)
	}
	return append(found.foreign, found.guards...), nil
}
