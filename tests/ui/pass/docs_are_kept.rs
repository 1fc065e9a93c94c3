//! Docs of the function go to the struct, docs of parameters to the fields.
#![deny(missing_docs, unused_doc_comments, warnings)]

/// The crate's jobs.
pub mod jobs_of_the_shop {
    use jobs::prelude::*;

    /// Delivers a parcel.
    ///
    /// Slowly.
    #[job]
    pub async fn deliver(
        /// Where it goes.
        to: u64,
        /// How many.
        #[default = 1]
        copies: u32,
    ) -> Result<(), std::io::Error> {
        assert!(to > 0 && copies > 0);
        Ok(())
    }
}

fn main() {
    let _ = jobs_of_the_shop::Deliver { to: 1, copies: 2 };
}
