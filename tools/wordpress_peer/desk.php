<?php
/* Open the desk as its editor: php desk.php FOLDER. Plugins finish their setting up then. */

define('WP_ADMIN', true);
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1'];
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
wp_set_current_user(1);
do_action('admin_init');
