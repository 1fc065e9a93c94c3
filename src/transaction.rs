//! Transactions of the program, in which jobs are stored and completed together with its own data.
//!
//! ```
//! use jobs::prelude::*;
//!
//! #[job]
//! async fn ship(order: u64) -> Result<(), std::io::Error> {
//!     println!("{order}");
//!     Ok(())
//! }
//!
//! # async fn example(client: &Client, commit: impl Future<Output = jobs::Result<()>>) -> jobs::Result<()> {
//! // For a store on another database than the transaction: enqueue after its commit.
//! let mut buffer = client.after_commit();
//! Ship::perform_later(7).after_commit(&mut buffer);
//! commit.await?;
//! buffer.flush().await?;
//! # Ok(())
//! # }
//! ```
//!
//! On the store's own database use [`within`](crate::PerformLater::within); the guide's page
//! [transactions](crate::guide::transactions) shows it for each driver.

pub use jobs_core::{BlockingTransaction, BlockingTransactional, Completion, Transaction, Transactional};
pub use jobs_runtime::AfterCommit;
