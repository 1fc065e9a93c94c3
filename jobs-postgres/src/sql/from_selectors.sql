-- Claims by selectors of any kind, one after the other; the queues of one selector are merged by priority and age. A
-- selector is read only if those before it did not have enough. No name and no prefix begins as a prefix before it, so
-- a queue belongs to the selector with its name, otherwise to the longest prefix.
-- 4 names of the selectors, 5 whether each is a prefix, 6 how many jobs each gives at most
-- index: jobs_ready_by_age, no further than 20 times as many as it claims and 2,000 of paused queues; jobs_ready, two
-- seeks for each queue of a prefix, and no further into each than it claims
--
-- The queues that no prefix selects.
left_out AS MATERIALIZED (
  SELECT queue FROM {schema}.paused_queues
  UNION ALL SELECT name COLLATE "C" FROM unnest($4, $5) AS selector (name, is_prefix) WHERE NOT is_prefix
),
picked AS MATERIALIZED (
  SELECT job.place FROM unnest($4, $5, $6) WITH ORDINALITY AS selector (name, is_prefix, most, turn)
  CROSS JOIN LATERAL (
    SELECT either.place FROM (
      WITH RECURSIVE longer AS MATERIALIZED (
        SELECT ARRAY(
          SELECT other.name FROM unnest($4, $5) AS other (name, is_prefix)
          WHERE other.is_prefix AND length(other.name) > length(selector.name)
        ) AS prefixes
      ),
      -- The open queues of the prefix, each with one seek, and then one row that is not of the prefix or NULL. They
      -- are read no further than needed.
      open (queue) AS (
        (SELECT queue FROM {schema}.jobs
         WHERE selector.is_prefix AND state = 2 AND queue >= selector.name COLLATE "C" ORDER BY queue LIMIT 1)
        UNION ALL
        SELECT (SELECT jobs.queue FROM {schema}.jobs
                WHERE state = 2 AND jobs.queue > open.queue ORDER BY jobs.queue LIMIT 1)
        FROM open WHERE starts_with(open.queue, selector.name)
      ),
      next_queues AS MATERIALIZED (SELECT queue FROM open LIMIT 2 + selector.most / 8),
      -- Whether all of them are known.
      known AS MATERIALIZED (
        SELECT (SELECT yes FROM are_few)
          OR (SELECT count(*) = 0 OR count(*) > count(*) FILTER (WHERE starts_with(queue, selector.name))
              FROM next_queues) AS yes
      ),
      few AS MATERIALIZED (
        SELECT queue FROM (
          SELECT queue FROM few_queues WHERE (SELECT yes FROM are_few)
          UNION ALL SELECT queue FROM next_queues WHERE NOT (SELECT yes FROM are_few)
        ) AS found
        WHERE starts_with(queue, selector.name) AND queue NOT IN (SELECT queue FROM left_out)
          AND NOT queue ^@ ANY ((SELECT prefixes FROM longer)::text[])
      ),
      times AS MATERIALIZED (
        SELECT CASE WHEN (SELECT yes FROM known) THEN (SELECT CASE WHEN count(*) > 1 THEN least(count(*), 20) ELSE 0 END FROM few)
                    ELSE 20 END AS n
      ),
      -- How many jobs of all queues to read: none if there is no queue of the prefix, or one, which is read as if it
      -- were named. A short paused backlog is passed by.
      reach AS MATERIALIZED (
        SELECT CASE WHEN n > 0 THEN selector.most * n + (SELECT n % 2000 FROM paused_jobs) ELSE 0 END AS n FROM times
      )
      SELECT of_queue.place FROM (
        SELECT ctid AS place FROM {schema}.jobs
        WHERE (NOT selector.is_prefix OR (SELECT yes FROM known)) AND state = 2 AND process IS NULL
          AND queue = CASE WHEN selector.is_prefix THEN (SELECT min(queue) FROM few HAVING count(*) = 1)
                      ELSE selector.name COLLATE "C" END
        ORDER BY priority DESC, seq
        FOR UPDATE SKIP LOCKED
      ) AS of_queue
      UNION ALL
      SELECT of_prefix.place FROM (
        -- Usually the jobs of a prefix are among the first of all queues.
        WITH first AS MATERIALIZED (
          SELECT ctid AS place, queue FROM {schema}.jobs
          WHERE selector.is_prefix AND state::integer = 2 AND process IS NULL
          ORDER BY priority DESC, seq LIMIT (SELECT n FROM reach)
        ),
        near AS MATERIALIZED (
          SELECT locked.place FROM first
          CROSS JOIN LATERAL (
            SELECT ctid AS place FROM {schema}.jobs
            WHERE ctid = first.place AND state = 2 AND process IS NULL FOR UPDATE SKIP LOCKED
          ) AS locked
          WHERE starts_with(first.queue, selector.name) AND first.queue NOT IN (SELECT queue FROM left_out)
            AND NOT first.queue ^@ ANY ((SELECT prefixes FROM longer)::text[])
          LIMIT selector.most
        ),
        -- If they are not, its queues are read. Of their first jobs the first `most` are kept. There are so many jobs up
        -- to the last one, the edge, and no job behind it is wanted.
        fronts AS MATERIALIZED (
          SELECT source.queue, job.priority, job.seq FROM (
            SELECT queue FROM few WHERE (SELECT yes FROM known)
            UNION ALL
            SELECT queue FROM open
            WHERE NOT (SELECT yes FROM known) AND starts_with(queue, selector.name)
              AND queue NOT IN (SELECT queue FROM left_out) AND NOT queue ^@ ANY ((SELECT prefixes FROM longer)::text[])
          ) AS source
          CROSS JOIN LATERAL (
            SELECT priority, seq FROM {schema}.jobs WHERE state = 2 AND process IS NULL AND jobs.queue = source.queue
            ORDER BY priority DESC, seq LIMIT 1
          ) AS job
          WHERE (SELECT count(*) FROM near) < selector.most
            AND (SELECT count(*) FROM first) = (SELECT n FROM reach) AND (SELECT n FROM reach) > 0
          ORDER BY job.priority DESC, job.seq LIMIT selector.most
        ),
        edge AS MATERIALIZED (
          SELECT priority, seq FROM fronts ORDER BY priority DESC, seq LIMIT 1 OFFSET greatest(selector.most - 1, 0)
        ),
        candidates AS MATERIALIZED (
          SELECT job.place FROM fronts
          CROSS JOIN LATERAL (
            (SELECT ctid AS place, priority, seq FROM {schema}.jobs
             WHERE state = 2 AND process IS NULL AND jobs.queue = fronts.queue
               AND jobs.priority > coalesce((SELECT priority FROM edge)::bigint, -2147483649)
             ORDER BY jobs.priority DESC, jobs.seq LIMIT selector.most)
            UNION ALL
            (SELECT ctid AS place, priority, seq FROM {schema}.jobs
             WHERE state = 2 AND process IS NULL AND jobs.queue = fronts.queue
               AND jobs.priority = (SELECT priority FROM edge) AND jobs.seq <= (SELECT seq FROM edge)
             ORDER BY jobs.priority DESC, jobs.seq LIMIT selector.most)
          ) AS job
          WHERE job.place NOT IN (SELECT place FROM near)
          ORDER BY job.priority DESC, job.seq
        ),
        far AS MATERIALIZED (
          SELECT locked.place FROM candidates
          CROSS JOIN LATERAL (
            SELECT ctid AS place FROM {schema}.jobs
            WHERE ctid = candidates.place AND state = 2 AND process IS NULL FOR UPDATE SKIP LOCKED
          ) AS locked
          LIMIT selector.most - (SELECT count(*) FROM near)
        )
        SELECT place FROM near
        UNION ALL
        SELECT place FROM far
        UNION ALL
        -- If other claims have locked some of the candidates, what lies behind them is taken.
        SELECT behind.place FROM fronts
        CROSS JOIN LATERAL (
          SELECT ctid AS place FROM {schema}.jobs WHERE state = 2 AND process IS NULL AND jobs.queue = fronts.queue
          ORDER BY priority DESC, seq FOR UPDATE SKIP LOCKED
        ) AS behind
        WHERE (SELECT count(*) FROM far) < (SELECT count(*) FROM candidates)
          AND behind.place NOT IN (SELECT place FROM near UNION ALL SELECT place FROM far)
      ) AS of_prefix
    ) AS either
    LIMIT selector.most
  ) AS job
  WHERE is_prefix OR (selector.name COLLATE "C" NOT IN (SELECT queue FROM {schema}.paused_queues)
    AND (turn <= 32 OR NOT (SELECT yes FROM are_few) OR selector.name COLLATE "C" IN (SELECT queue FROM few_queues)))
  LIMIT CASE WHEN EXISTS (SELECT FROM held) THEN $3 ELSE 0 END
),
