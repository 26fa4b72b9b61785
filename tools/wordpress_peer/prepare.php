<?php
/* Make the site: php prepare.php FOLDER COMMENTS THEME [PLUGIN]; prints the path of the story. */

[, $folder, $comments, $design] = $argv;
$addition = $argv[4] ?? '';
$words = str_repeat('The ferry was late again, and the timetable says nothing about it. ', 3);
const STORIES = 6;
// Every third comment begins a conversation, the others answer the one before.
const CONVERSATION = 3;

// WordPress tells by a letter that it is there; here nobody would get it.
function wp_new_blog_notification() {}

$database = new mysqli('localhost', 'root', '', '', 0, dirname($folder) . '/mariadb.sock');
$database->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4');
$database->close();

define('WP_INSTALLING', true);
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1'];
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
add_filter('pre_option_permalink_structure', fn () => '/%category%/%postname%/');
wp_install('The Harbour Post', 'editor', 'editor@harbour.example', true, '', 'a-bench-has-no-secrets');
wp_installing(false);
wp_set_current_user(1);
remove_all_filters('pre_option_permalink_structure');
update_option('permalink_structure', '/%category%/%postname%/');
$GLOBALS['wp_rewrite']->init();
create_initial_taxonomies();
flush_rewrite_rules();
update_option('blogdescription', 'News of the harbour');
wp_delete_post(1, true);
switch_theme($design);

$sections = array_map(
    fn ($name) => wp_insert_term($name, 'category')['term_id'],
    ['Town', 'Harbour', 'Council']
);
$paragraphs = str_repeat("<!-- wp:paragraph -->\n<p>$words</p>\n<!-- /wp:paragraph -->\n\n", 2);
for ($number = STORIES - 1; $number >= 0; $number--) {
    $story = wp_insert_post([
        'post_title' => "Story $number",
        'post_name' => "s$number",
        'post_content' => $paragraphs,
        'post_excerpt' => $words,
        'post_status' => 'publish',
        'post_author' => 1,
        'post_category' => [$sections[0]],
        'tags_input' => ['Ferry', 'Harbour'],
        'comment_status' => 'open',
    ]);
}
$above = 0;
for ($number = 0; $number < (int) $comments; $number++) {
    $above = wp_insert_comment([
        'comment_post_ID' => $story,
        'comment_author' => 'Rhea Sands',
        'comment_author_email' => 'rhea@harbour.example',
        'comment_content' => trim($words),
        'comment_parent' => $number % CONVERSATION ? $above : 0,
        'comment_approved' => 1,
        'comment_date' => gmdate('Y-m-d H:i:s', time() - 60 * ($comments - $number)),
    ]);
}
if ($addition !== '') {
    $failed = activate_plugin($addition . '/' . key(get_plugins("/$addition")));
    if (is_wp_error($failed)) {
        fwrite(STDERR, $failed->get_error_message());
        exit(1);
    }
}
echo wp_make_link_relative(get_permalink($story)), "\n";
