-- Nobody knows what signed when the sessions that are there were opened. No token of the secret of
-- the shop's Django may name them, unless that secret signs now.
ALTER TABLE session ADD COLUMN shared_secret /* signed when it was opened */ INTEGER NOT NULL DEFAULT 0;
