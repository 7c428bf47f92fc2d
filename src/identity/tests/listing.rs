//! Pages and filters of accounts.

use super::*;

#[tokio::test]
async fn pages_cover_every_account_once_in_order() {
    let test = TestAccounts::with(Settings {
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    })
    .await;
    for n in 0..25 {
        test.register(&format!("user{n:02}")).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = test
            .accounts
            .list(10, after.as_deref(), &UserFilter::default())
            .await
            .unwrap();
        seen.extend(page.users.iter().map(|user| user.id.to_string()));
        after = page.users.last().map(|user| user.id.to_string());
        if !page.has_next {
            break;
        }
    }
    assert_eq!(seen, (0..25).map(|n| format!("user{n:02}")).collect::<Vec<_>>());
    assert!(
        test.accounts
            .list(0, None, &UserFilter::default())
            .await
            .unwrap()
            .users
            .is_empty()
    );
}

#[tokio::test]
async fn filters_combine() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("Ann").await;
    test.register("joanne").await;
    test.register("bob").await;
    test.accounts.set_enabled(&root(), "joanne", false).await.unwrap();
    let ids = async |filter: UserFilter| -> Vec<String> {
        let page = test.accounts.list(10, None, &filter).await.unwrap();
        assert_eq!(test.accounts.count(&filter).await.unwrap(), page.users.len() as u64);
        page.users.iter().map(|user| user.id.to_string()).collect()
    };
    let text = |text: &str| UserFilter {
        text: Some(text.to_owned()),
        ..UserFilter::default()
    };
    assert_eq!(ids(text("ANN")).await, ["ann", "joanne"]);
    assert_eq!(ids(text("b@example")).await, ["bob"]);
    assert_eq!(ids(text("unknown")).await, Vec::<String>::new());
    assert_eq!(ids(text("' OR true OR '")).await, Vec::<String>::new());
    let enabled = UserFilter {
        enabled: Some(true),
        ..text("ann")
    };
    assert_eq!(ids(enabled).await, ["ann"]);
    let admins = UserFilter {
        role: Some(ADMIN.to_owned()),
        ..UserFilter::default()
    };
    assert_eq!(ids(admins).await, ["root"]);
}
