-- Which kind of actor, and which colleague. Events that are there name operators alone, and keep their seals.
ALTER TABLE audit_event ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN actor_id /* of a colleague */ TEXT NOT NULL DEFAULT '';
