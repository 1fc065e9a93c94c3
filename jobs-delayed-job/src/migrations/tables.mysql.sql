-- Creates the tables of ours: the processes, the queues that are paused, and the claims whose jobs are to be cancelled.
CREATE TABLE IF NOT EXISTS {processes} (
    id bigint PRIMARY KEY, name text NOT NULL, host text NOT NULL, pid bigint NOT NULL, phase varchar(16) NOT NULL,
    started_at datetime(6) NOT NULL, heartbeat_at datetime(6) NOT NULL, recovered_at datetime(6), slow mediumtext
) CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS {paused} (name varchar(255) COLLATE utf8mb4_bin PRIMARY KEY) CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS {cancellations} (id bigint, locked_by varchar(191) CHARACTER SET ascii, PRIMARY KEY (id, locked_by));
