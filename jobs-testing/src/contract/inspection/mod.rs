//! What `Inspect` promises: finding, listing, counting and monitoring; and what `FigureStore` promises.

pub mod figures;
pub mod find;
pub mod list;
pub mod monitoring;
pub mod page;
pub mod stats;
