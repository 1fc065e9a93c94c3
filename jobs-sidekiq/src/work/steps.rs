//! The arguments of the script that moves jobs: the steps of one call, in their order.

use jobs_core::{JobId, ProcessId, Timestamp};

use crate::payload::jid_of;

/// Where a text is before a move.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StepSource<'a> {
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
pub(crate) enum StepTarget<'a> {
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
    /// A run that ended well, of a job whose crashes are forgotten.
    pub(crate) const PROCESSED_FOR_GOOD: &str = "pc";
    /// Both of the two before.
    pub(crate) const FAILED_FOR_GOOD: &str = "pfc";
    /// One more process died while it ran the job.
    pub(crate) const CRASH: &str = "i";
}

/// The kind of steps that store new jobs in a queue.
const PUSH: &str = "push";

/// The steps of one call.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    arguments: Vec<Vec<u8>>,
    count: usize,
    /// The last steps, if they are of one kind that is written in few words.
    row: Option<StepRow>,
}

/// Steps one after the other that the script reads as one: a kind, what they have in common, and how many they are.
#[derive(Debug)]
struct StepRow {
    kind: &'static str,
    common: String,
    length: usize,
    /// Where the arguments begin.
    start: usize,
}

impl Steps {
    /// How many steps there are.
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The queue and the texts, if they only store new jobs in one queue.
    pub(crate) fn into_push(mut self) -> Result<(String, Vec<Vec<u8>>), Self> {
        let count = self.count;
        let Some(row) = self.row.take_if(|row| row.kind == PUSH && row.length == count) else { return Err(self) };
        Ok((row.common, self.arguments.split_off(row.start + 3)))
    }

    /// The number of steps, and their arguments.
    pub(crate) fn into_arguments(self) -> impl Iterator<Item = Vec<u8>> {
        std::iter::once(self.count.to_string().into_bytes()).chain(self.arguments)
    }

    fn push(&mut self, words: &[&[u8]]) {
        self.row = None;
        self.arguments.extend(words.iter().map(|word| word.to_vec()));
        self.count += 1;
    }

    /// Adds a step to the row of this kind, or begins one.
    fn push_in_row(&mut self, kind: &'static str, common: &str, words: impl IntoIterator<Item = Vec<u8>>) {
        let row = self.row.take().filter(|row| row.kind == kind && row.common == common);
        let mut row = row.unwrap_or_else(|| {
            let start = self.arguments.len();
            self.arguments.extend([kind.as_bytes().to_vec(), common.as_bytes().to_vec(), Vec::new()]);
            StepRow { kind, common: common.to_owned(), length: 0, start }
        });
        row.length += 1;
        if let Some(length) = self.arguments.get_mut(row.start + 2) {
            *length = row.length.to_string().into_bytes();
        }
        self.arguments.extend(words);
        self.row = Some(row);
        self.count += 1;
    }

    /// Stores a new job in a queue.
    pub(crate) fn enqueue(&mut self, queue: &str, text: String) {
        self.push_in_row(PUSH, queue, [text.into_bytes()]);
    }

    /// Moves the text of a job.
    pub(crate) fn go(&mut self, from: StepSource<'_>, to: StepTarget<'_>, counts: &str, id: JobId) {
        let holder;
        let (source, key, what): (&str, &str, &[u8]) = match from {
            StepSource::New => ("new", "", b""),
            StepSource::Claimed(process, claim) => {
                holder = process.to_string();
                ("claimed", &holder, claim.as_bytes())
            }
            StepSource::Set(key, text) => ("set", key, text),
            StepSource::Queue(queue, text) => ("queue", queue, text),
        };
        let mut micros = String::new();
        let (target, destination, text): (&str, &str, &[u8]) = match to {
            StepTarget::Nowhere => ("nowhere", "", b""),
            StepTarget::Left(queue, text) => ("left", queue, text),
            StepTarget::Back => ("back", "", b""),
            StepTarget::Set(key, at, text) => {
                micros = at.as_micros().to_string();
                ("set", key, text)
            }
        };
        let jid = if counts.contains(['c', 'i']) { jid_of(id) } else { String::new() };
        let [source, key, target, destination] = [source, key, target, destination].map(str::as_bytes);
        let (micros, counts, jid) = (micros.as_bytes(), counts.as_bytes(), jid.as_bytes());
        self.push(&[b"move", source, key, what, target, destination, micros, text, counts, jid]);
    }

    /// Ends a job that finished.
    pub(crate) fn finish(&mut self, process: ProcessId, claim: &str, id: JobId) {
        self.push_in_row("finish", &process.to_string(), [claim.as_bytes().to_vec(), jid_of(id).into_bytes()]);
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
