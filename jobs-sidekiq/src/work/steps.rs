//! The arguments of the script that moves jobs: the steps of one call, in their order.

use jobs_core::{JobId, ProcessId, Timestamp};
use jobs_redis::GuardedSteps;

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

/// How many words stand in front of the steps of a row: its kind, what they have in common, and how many they are.
const HEAD: usize = 3;

/// The steps of one call.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    arguments: Vec<Vec<u8>>,
    count: usize,
    /// The last steps, if they are of one kind that is written in few words.
    row: Option<StepRow>,
    /// Whether crashes of any jobs are counted, so that those of a job that ends are to be forgotten.
    forgets_crashes: bool,
}

/// Steps one after the other that the script reads as one: what they have in common, and how many they are.
#[derive(Debug)]
struct StepRow {
    kind: RowKind,
    length: usize,
    /// Where the arguments begin.
    start: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum RowKind {
    /// New jobs for this queue.
    Push(String),
    /// The ends of jobs of this process.
    Finish(ProcessId),
}

impl Steps {
    /// No steps yet; whether crashes of any jobs are counted.
    pub(crate) fn forgetting_crashes(forgets_crashes: bool) -> Self {
        Self { forgets_crashes, ..Self::default() }
    }

    /// How many steps there are.
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The queue and the texts, if they only store new jobs in one queue.
    pub(crate) fn into_push(mut self) -> Result<(String, Vec<Vec<u8>>), Self> {
        match self.row.take() {
            Some(StepRow { kind: RowKind::Push(queue), length, start }) if length == self.count => {
                Ok((queue, self.arguments.split_off(start + HEAD)))
            }
            row => Err(Self { row, ..self }),
        }
    }

    /// The number of steps, and their arguments.
    pub(crate) fn into_arguments(mut self) -> impl Iterator<Item = Vec<u8>> {
        self.end_row();
        std::iter::once(self.count.to_string().into_bytes()).chain(self.arguments)
    }

    /// Writes how long the row is that ends here.
    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        if let Some(length) = self.arguments.get_mut(row.start + HEAD - 1) {
            *length = row.length.to_string().into_bytes();
        }
    }

    /// Adds a step to the row that is of this kind.
    fn add_to_row(&mut self, words: impl IntoIterator<Item = Vec<u8>>) {
        self.arguments.extend(words);
        self.count += 1;
        if let Some(row) = &mut self.row {
            row.length += 1;
        }
    }

    fn begin_row(&mut self, kind: RowKind) {
        self.end_row();
        let start = self.arguments.len();
        let (name, common) = match &kind {
            RowKind::Push(queue) => ("push", queue.clone()),
            RowKind::Finish(process) if self.forgets_crashes => ("finish and forget", process.to_string()),
            RowKind::Finish(process) => ("finish", process.to_string()),
        };
        self.arguments.extend([name.as_bytes().to_vec(), common.into_bytes(), Vec::new()]);
        self.row = Some(StepRow { kind, length: 0, start });
    }

    /// Stores a new job in a queue.
    pub(crate) fn enqueue(&mut self, queue: &str, text: String) {
        if !matches!(&self.row, Some(StepRow { kind: RowKind::Push(common), .. }) if common == queue) {
            self.begin_row(RowKind::Push(queue.to_owned()));
        }
        self.add_to_row([text.into_bytes()]);
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
    pub(crate) fn finish(&mut self, process: ProcessId, claim: String, id: JobId) {
        if !matches!(&self.row, Some(StepRow { kind: RowKind::Finish(common), .. }) if *common == process) {
            self.begin_row(RowKind::Finish(process));
        }
        let jid = self.forgets_crashes.then(|| jid_of(id));
        self.add_to_row([claim].into_iter().chain(jid).map(String::into_bytes));
    }
}

impl GuardedSteps for Steps {
    fn count(&self) -> usize {
        self.len()
    }

    fn push(&mut self, words: &[&[u8]]) {
        self.end_row();
        self.arguments.extend(words.iter().map(|word| word.to_vec()));
        self.count += 1;
    }
}
