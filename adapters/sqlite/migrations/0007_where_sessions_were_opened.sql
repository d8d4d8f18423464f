-- How the first tokens of a session were handed out: 'cookies' or 'body'. Of the sessions that are
-- here already nobody knows; the first cookie will tell.
ALTER TABLE session ADD COLUMN opened_in TEXT NOT NULL DEFAULT '';
