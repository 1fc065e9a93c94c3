//! Stands for a slow service from which orders come page by page.

use tokio::sync::watch;

use crate::Failed;

/// How many pages of orders there are, and how many are on each.
pub(crate) const PAGES: u32 = 4;
const ORDERS: u32 = 25;

/// The first year of which there are orders.
pub(crate) const FIRST_YEAR: u32 = 2000;

#[derive(Clone)]
pub(crate) struct Orders {
    /// How many pages have arrived.
    arrived: watch::Sender<u32>,
}

impl Default for Orders {
    fn default() -> Self {
        Self { arrived: watch::Sender::new(0) }
    }
}

impl Orders {
    /// The orders of a page, when it has arrived: each with what it cost in cents.
    pub(crate) async fn page(&self, page: u32) -> Result<Vec<(u32, u64)>, Failed> {
        self.arrived.subscribe().wait_for(|arrived| *arrived > page).await?;
        let first = page * ORDERS;
        Ok((first..first + ORDERS).map(|order| (order, u64::from(order % 90) * 100 + 99)).collect())
    }

    /// This page arrives.
    pub(crate) fn release(&self, page: u32) {
        self.arrived.send_replace(page + 1);
    }

    /// The orders of all pages.
    pub(crate) fn all() -> Vec<(u32, u64)> {
        (0..PAGES * ORDERS).map(|order| (order, u64::from(order % 90) * 100 + 99)).collect()
    }
}
