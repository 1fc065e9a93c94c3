-- Creates the tables of ours: the processes, the queues that are paused, and the claims whose jobs are to be cancelled.
CREATE TABLE IF NOT EXISTS {processes} (
    id integer PRIMARY KEY, name text NOT NULL, host text NOT NULL, pid integer NOT NULL, phase text NOT NULL,
    started_at datetime(6) NOT NULL, heartbeat_at datetime(6) NOT NULL, recovered_at datetime(6), slow text
);
CREATE TABLE IF NOT EXISTS {paused} (name text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS {cancellations} (id integer, locked_by text, PRIMARY KEY (id, locked_by));
