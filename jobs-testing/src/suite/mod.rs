//! The macro that makes tests of all cases, and the list of them as [`CASES`](crate::contract::CASES).

mod cases;
mod cases_inspection;
mod cases_recurring;

/// Holds a store to the contract: one test for each promise of [`contract`](crate::contract).
///
/// Takes the name of a function `async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest` that opens an empty store
/// which goes by that clock. Call it in a file of `tests/`; the tests are named as `claim::no_job_is_..`.
/// The crate needs `tokio` with the features `macros` and `rt-multi-thread`.
///
/// ```
/// # mod example {
/// use std::sync::Arc;
///
/// use jobs_core::Clock;
/// use jobs_memory::MemoryStore;
/// use jobs_testing::contract::StoreUnderTest;
///
/// async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
///     StoreUnderTest::new(Arc::new(MemoryStore::new(clock)))
/// }
///
/// jobs_testing::store_contract!(open);
/// # }
/// ```
#[macro_export]
macro_rules! store_contract {
    ($open:path) => {
        $crate::__cases! { __tests { $open } }
    };
}

/// Not public API: writes the tests of [`store_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __tests {
    ({ $open:path } $(
        $group:ident $(requires $($requirement:ident)+)? { $($name:ident $((requires $($further:ident)+))?)* }
    )*) => {
        $($crate::__tests_of_group! { $open; $group [$($($requirement)+)?] { $($name [$($($further)+)?])* } })*

        /// How many cases the store holds, and how many it refuses.
        #[tokio::test]
        async fn no_case_is_unchecked() {
            if let Some(fixture) = $crate::contract::Fixture::open($open).await {
                $crate::contract::summary(&fixture).await;
            }
        }
    };
}

/// Not public API: writes the tests of one group.
#[doc(hidden)]
#[macro_export]
macro_rules! __tests_of_group {
    ($open:path; $group:ident $requires:tt { $($name:ident $further:tt)* }) => {
        mod $group {
            #[allow(unused_imports, reason = "the path may be absolute")]
            use super::*;

            $(
                // Two threads, so that races are races.
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(fixture) = $crate::contract::Fixture::open($open).await {
                        let requires = $crate::__requirements!($requires $further);
                        let case = |it| Box::pin($crate::contract::$group::$name(it)) as $crate::contract::Playing;
                        $crate::contract::check(fixture, requires, case).await;
                    }
                }
            )*
        }
    };
}

/// Not public API: the words after `requires`, of the group and of the case, as a list.
#[doc(hidden)]
#[macro_export]
macro_rules! __requirements {
    ([$($requirement:ident)*] [$($further:ident)*]) => {
        &[$($crate::contract::Requirement::$requirement,)* $($crate::contract::Requirement::$further),*]
    };
}

/// Not public API: writes the list of all cases as values, group by group.
#[doc(hidden)]
#[macro_export]
macro_rules! __list {
    ({} $($groups:tt)*) => {
        $crate::__list! { @cases [] $($groups)* }
    };
    (@cases $cases:tt $group:ident requires $($requirement:ident)+ { $($names:tt)* } $($groups:tt)*) => {
        $crate::__list! { @group $cases [$($requirement)+] $group { $($names)* } $($groups)* }
    };
    (@cases $cases:tt $group:ident { $($names:tt)* } $($groups:tt)*) => {
        $crate::__list! { @group $cases [] $group { $($names)* } $($groups)* }
    };
    (@group [$($cases:tt)*] $requires:tt $group:ident
        { $($name:ident $((requires $($further:ident)+))?)* } $($groups:tt)*) => {
        $crate::__list! { @cases [$($cases)* $(($requires [$($($further)+)?] $group $name))*] $($groups)* }
    };
    (@cases [$(($requires:tt $further:tt $group:ident $name:ident))*]) => {
        /// Every promise by name, as [`store_contract!`](crate::store_contract) makes them tests.
        pub const CASES: &[Case] = &[$(
            Case::new(
                concat!(stringify!($group), "::", stringify!($name)),
                $crate::__requirements!($requires $further),
                |fixture| Box::pin($group::$name(fixture)),
            ),
        )*];
    };
}
