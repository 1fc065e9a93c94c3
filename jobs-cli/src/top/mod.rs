//! `top`: a live view of the store in the terminal, with keys that change jobs and queues.

mod actions;
mod app;
mod draw;
mod keys;
mod list_filter;
mod palette;
mod rates;
mod snapshot;
mod tab;
mod tables;
mod terminal;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use app::top;
