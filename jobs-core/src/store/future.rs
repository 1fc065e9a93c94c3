//! The future that all methods of stores return.

use std::future::Future;
use std::pin::Pin;

use crate::Error;

/// The boxed future of a store's answer.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
