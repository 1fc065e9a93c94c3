-- Jobs are not kept.
DELETE FROM solid_queue_jobs WHERE id IN {ids}
