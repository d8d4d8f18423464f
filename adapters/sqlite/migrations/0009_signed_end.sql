-- The tables stay as they are. From this version on audit.head is signed, and an unsigned one is
-- not believed any more. An older program, which would not sign it, does not open the database.
SELECT 1;
