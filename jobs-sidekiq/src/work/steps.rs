//! The arguments of the script that moves jobs: the steps of one call, in their order.

use jobs_core::{JobId, ProcessId, Timestamp};

use crate::payload::jid_of;

/// Where a text is before a move.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// Nowhere: it is new.
    New,
    /// Held by a process, by this claim.
    Claimed(ProcessId, &'a str),
    /// In this sorted set.
    Set(&'a str, &'a [u8]),
    /// In this queue.
    Queue(&'a str, &'a [u8]),
}

/// Where a text goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// Nowhere: the job ends.
    Nowhere,
    /// The left end of a queue, as an enqueued job.
    Left(&'a str, &'a [u8]),
    /// The right end of the queue that it was claimed from, unchanged.
    Back,
    /// A sorted set, at this time.
    Set(&'a str, Timestamp, &'a [u8]),
}

/// What else a step counts. Letters that the script knows.
pub(crate) mod count {
    /// Nothing.
    pub(crate) const NOTHING: &str = "";
    /// A run that failed.
    pub(crate) const FAILED: &str = "pf";
    /// The number of crashes of the job is forgotten.
    pub(crate) const NO_CRASHES: &str = "c";
    /// Both of the two before.
    pub(crate) const FAILED_FOR_GOOD: &str = "pfc";
    /// One more process died while it ran the job.
    pub(crate) const CRASH: &str = "i";
}

/// The steps of one call.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    arguments: Vec<Vec<u8>>,
    count: usize,
}

impl Steps {
    /// How many steps there are.
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number of steps, and their arguments.
    pub(crate) fn into_arguments(self) -> impl Iterator<Item = Vec<u8>> {
        std::iter::once(self.count.to_string().into_bytes()).chain(self.arguments)
    }

    fn push(&mut self, words: &[&[u8]]) {
        self.arguments.extend(words.iter().map(|word| word.to_vec()));
        self.count += 1;
    }

    /// Moves the text of a job.
    pub(crate) fn go(&mut self, from: Source<'_>, to: Target<'_>, counts: &str, id: JobId) {
        let holder;
        let (source, key, what): (&str, &str, &[u8]) = match from {
            Source::New => ("new", "", b""),
            Source::Claimed(process, claim) => {
                holder = process.to_string();
                ("claimed", &holder, claim.as_bytes())
            }
            Source::Set(key, text) => ("set", key, text),
            Source::Queue(queue, text) => ("queue", queue, text),
        };
        let mut micros = String::new();
        let (target, place, text): (&str, &str, &[u8]) = match to {
            Target::Nowhere => ("nowhere", "", b""),
            Target::Left(queue, text) => ("left", queue, text),
            Target::Back => ("back", "", b""),
            Target::Set(key, at, text) => {
                micros = at.as_micros().to_string();
                ("set", key, text)
            }
        };
        let jid = if counts.contains(['c', 'i']) { jid_of(id) } else { String::new() };
        let words = [source, key].map(str::as_bytes);
        let places = [target.as_bytes(), place.as_bytes(), micros.as_bytes(), text];
        self.push(&[
            b"move",
            words[0],
            words[1],
            what,
            places[0],
            places[1],
            places[2],
            places[3],
            counts.as_bytes(),
            jid.as_bytes(),
        ]);
    }

    /// Ends a job that finished.
    pub(crate) fn finish(&mut self, process: ProcessId, claim: &str, id: JobId) {
        self.push(&[b"finish", process.to_string().as_bytes(), claim.as_bytes(), jid_of(id).as_bytes()]);
    }

    /// Changes a field of a hash if it is `old`. The steps that follow are done only if it was, up to [`open`](Self::open).
    /// An empty text means that there is no such field.
    pub(crate) fn guard(&mut self, key: &str, field: &str, old: &[u8], new: &[u8]) {
        self.push(&[b"guard", key.as_bytes(), field.as_bytes(), old, new]);
    }

    /// Ends the effect of the last guard.
    pub(crate) fn open(&mut self) {
        self.push(&[b"open"]);
    }

    /// Forgets a process whose jobs were taken. One that was known learns it at its next heartbeat.
    pub(crate) fn forget(&mut self, process: ProcessId, was_known: bool) {
        let known: &[u8] = if was_known { b"1" } else { b"0" };
        self.push(&[b"forget", process.to_string().as_bytes(), known]);
    }
}
