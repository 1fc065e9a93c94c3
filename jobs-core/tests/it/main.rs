//! Promises of the rules: no store, no runtime, no waiting.

mod adapters;
mod arguments;
mod context;
mod counters;
mod decide;
mod enqueue;
mod errors;
mod events;
mod failures;
mod halting;
mod ids;
mod jobs;
mod lifecycle;
mod matching;
mod meta;
mod perform;
mod queues;
mod registry;
mod retry;
mod rules;
mod settings;
mod setup;
mod shown;
mod time;
mod verdicts;
mod versions;
