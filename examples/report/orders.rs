//! A fake slow service that returns orders page by page.

use tokio::sync::watch;

use crate::Failed;

/// The number of pages, and the number of orders per page.
pub(crate) const PAGES: u32 = 4;
const ORDERS: u32 = 25;

/// The first year with orders.
pub(crate) const FIRST_YEAR: u32 = 2000;

#[derive(Clone)]
pub(crate) struct Orders {
    /// The number of pages that are available.
    available: watch::Sender<u32>,
}

impl Default for Orders {
    fn default() -> Self {
        Self { available: watch::Sender::new(0) }
    }
}

impl Orders {
    /// The orders of a page with their amounts in cents. Waits until the page is available.
    pub(crate) async fn page(&self, page: u32) -> Result<Vec<(u32, u64)>, Failed> {
        self.available.subscribe().wait_for(|available| *available > page).await?;
        let first = page * ORDERS;
        Ok((first..first + ORDERS).map(|order| (order, u64::from(order % 90) * 100 + 99)).collect())
    }

    /// Makes this page available.
    pub(crate) fn release(&self, page: u32) {
        self.available.send_replace(page + 1);
    }

    /// The orders of all pages.
    pub(crate) fn all() -> Vec<(u32, u64)> {
        (0..PAGES * ORDERS).map(|order| (order, u64::from(order % 90) * 100 + 99)).collect()
    }
}
