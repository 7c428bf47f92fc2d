//! Pages and filters of accounts, and that the list in memory follows the store. Orders are tested in `user_list`.

use secrecy::SecretString;

use super::*;

fn cheap() -> Settings {
    Settings {
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    }
}

/// All accounts in the list.
async fn listed(accounts: &Accounts) -> Vec<User> {
    let page = accounts
        .list(100, None, &UserFilter::default(), UserOrder::default())
        .await;
    page.unwrap().users.iter().map(|user| User::clone(user)).collect()
}

/// Further accounts on the same store, as another process has them.
fn replica(test: &TestAccounts) -> Accounts {
    let settings = Settings {
        key: KeySource::Ephemeral,
        ..cheap()
    };
    Accounts::new(Arc::clone(&test.store), Arc::new(test.clock.clone()), settings).unwrap()
}

#[tokio::test]
async fn pages_cover_every_account_once_in_order() {
    let test = TestAccounts::with(cheap()).await;
    for n in 0..25 {
        test.register(&format!("user{n:02}")).await;
    }
    let (filter, order) = (UserFilter::default(), UserOrder::default());
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = test.accounts.list(10, after, &filter, order).await.unwrap();
        assert_eq!((page.total, page.has_previous), (25, !seen.is_empty()));
        seen.extend(page.users.iter().map(|user| user.id.to_string()));
        after = page.users.last().map(|user| order.position(user));
        if !page.has_next {
            break;
        }
    }
    assert_eq!(seen, (0..25).map(|n| format!("user{n:02}")).collect::<Vec<_>>());
    let none = test.accounts.list(0, None, &filter, order).await.unwrap();
    assert!(none.users.is_empty() && none.has_next);
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
        let page = test
            .accounts
            .list(10, None, &filter, UserOrder::default())
            .await
            .unwrap();
        assert_eq!(test.accounts.count(&filter).await.unwrap(), page.users.len());
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

#[tokio::test]
async fn the_list_follows_every_change_of_an_account_by_any_process() {
    let test = TestAccounts::with(cheap()).await;
    let other = replica(&test);
    let by = root();
    assert_eq!(listed(&other).await, []);
    // Compares both lists with one that is read from the store.
    let check = async |step: &str| {
        let fresh = listed(&replica(&test)).await;
        assert_eq!(listed(&test.accounts).await, fresh, "{step}");
        assert_eq!(listed(&other).await, fresh, "{step}");
        fresh
    };
    test.admin("root").await;
    assert_eq!(check("create").await.len(), 1);
    test.register("ann").await;
    other.create(new_user("bob"), &[]).await.unwrap();
    assert_eq!(check("register").await.len(), 3);
    other.set_enabled(&by, "ann", false).await.unwrap();
    assert!(!check("disable").await[0].enabled);
    test.accounts.set_enabled(&by, "ann", true).await.unwrap();
    let before = check("enable").await;
    test.clock.advance(chrono::TimeDelta::seconds(1));
    other
        .set_password("ann", SecretString::from("another horse battery"))
        .await
        .unwrap();
    assert!(check("set password").await[0].updated_at > before[0].updated_at);
    test.accounts.set_password("ann", password()).await.unwrap();
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let before = check("login").await;
    test.clock.advance(chrono::TimeDelta::seconds(1));
    let new = "another horse battery".into();
    test.accounts
        .change_password(&session, password(), new, false)
        .await
        .unwrap();
    assert!(check("change password").await[0].updated_at > before[0].updated_at);
    other
        .put_role(&by, "BRIEF", crate::access::Permissions::NONE)
        .await
        .unwrap();
    for name in ["ann", "bob"] {
        other.set_roles(&by, name, &["BRIEF".to_owned()]).await.unwrap();
    }
    assert_eq!(check("set roles").await[1].roles.to_vec(), ["BRIEF"]);
    test.accounts.remove_role(&by, "BRIEF").await.unwrap();
    assert!(check("remove role").await[1].roles.is_empty());
    other.remove(&by, "bob").await.unwrap();
    assert_eq!(check("remove").await.len(), 2);
    test.accounts.remove(&by, "ann").await.unwrap();
    test.register("ann").await;
    assert_eq!(check("remove and register").await.len(), 2);
}

#[tokio::test]
async fn removals_that_are_no_longer_listed_are_not_missed() {
    let test = TestAccounts::with(cheap()).await;
    let other = replica(&test);
    test.admin("root").await;
    test.register("ann").await;
    assert_eq!(listed(&other).await.len(), 2);
    test.accounts.remove(&root(), "ann").await.unwrap();
    for _ in 0..101 {
        test.register("bob").await;
        test.accounts.remove(&root(), "bob").await.unwrap();
    }
    let ids: Vec<_> = listed(&other).await.into_iter().map(|user| user.id).collect();
    assert_eq!(ids, ["root".into()]);
    assert_eq!(listed(&test.accounts).await.len(), 1);
}
